// SHA-256 from OpenSSL's libcrypto.
//
// The functions that work on a plain structure are called deprecated by version 3; they stay, and
// cost a fraction of the newer ones where the bytes to hash are as few as those of a question.

#ifndef WATERFALL_CCRYPTO_H
#define WATERFALL_CCRYPTO_H

#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#endif
