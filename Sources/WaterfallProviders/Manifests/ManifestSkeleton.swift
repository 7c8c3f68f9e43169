public import WaterfallCore

/// A manifest to start from, with its fixtures: complete but for what only the provider’s own
/// documentation can say, which is marked `TODO`. It is read, and its fixtures conform.
public struct ManifestSkeleton: Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case finder
    case verifier
  }

  public let manifest: String
  public let fixtures: String

  /// Throws `UserError` for a name that is none.
  public init(_ name: String, _ kind: Kind, _ field: Field) throws(UserError) {
    guard name.isPlainName, name.utf8.count <= 40 else {
      throw UserError(
        .usage, "“\(name)” is no name of a provider",
        remedy: "Write at most 40 lower-case letters, digits and underscores, from a letter on.")
    }
    let parts = kind == .finder ? Self.finder(field) : Self.verifier(field)
    manifest =
      Self.head(name) + parts.offer + Self.simulation + parts.simulation + Self.http + parts.http
    fixtures = Self.fixturesHead(name) + parts.fixtures + Self.errors
  }

  private struct Parts {
    let offer: String
    let simulation: String
    let http: String
    let fixtures: String
  }

  private static func head(_ name: String) -> String {
    """
    # All keys: docs/manifests.md and docs/http-providers.md. “waterfall providers lint” lists what is
    # still to be done here, “waterfall providers test” tries the fixtures in fixtures/\(name).yaml.
    id: \(name)
    name: \(name)  # TODO the name for people
    website: https://provider.example  # TODO


    """
  }

  private static let simulation = """
    # How it behaves with --simulate.
    simulation:

    """

  private static let http = """

    # How it is asked for real. What begins with # and a key is for some providers only: take the #
    # away, or the line.
    http:
      base: https://api.provider.example  # TODO where every path below begins
      # TODO where the key goes: a header of its own, or bearer, query, basic, headers, oauth2
      auth: {header: X-Api-Key}
      # TODO how many requests the provider takes; several windows hold at once
      limits: [{requests: 10, per: 1s}]
      # A question that was sent and never answered: “void” gives it up, “repeat” asks once more, for
      # a provider that bills the same question once. TODO which
      on_unknown: void
      # For a provider that knows a repeated request by a key in this header, and bills it once:
      #idempotency: Idempotency-Key
      # For one that is slower, or should be given up sooner:
      #timeouts: {connect: 10s, first_byte: 60s, total: 120s}
      # For one that should be asked again less often, or after a longer wait, when it fails:
      #retries: {most: 3, wait: 1s, longest: 30s}
      # What responses mean that are not what their status says. Without a rule, 2xx has an answer,
      # 401 and 403 are credentials, 402 quota, 429 rate_limited, 408 and 5xx unavailable, and the
      # rest refused. TODO the provider’s own
      rules:
        - {status: 2xx, when: .error, is: refused}

    """

  // MARK: Finders

  private static func finder(_ field: Field) -> Parts {
    let sets = inputs(of: field)
    let names = sets.flatMap { $0 }.reduce(into: [InputName]()) { names, name in
      if !names.contains(name) { names.append(name) }
    }
    let list = sets.map { set in
      "      - [\(set.map(\.rawValue).joined(separator: ", "))]\n"
    }.joined()
    let query = names.map { "          \($0): \"{\($0)}\"\n" }.joined()
    return Parts(
      offer: """
        finds:
          \(field):
            # What a row has to have: any one of these sets, best first.
            inputs:
        \(list)    price: 1  # TODO the credits that one answer costs
            charge: found  # TODO or called: charged without a value, too
            refunds_invalid: false  # TODO whether an invalid value’s price is given back
            cost: {dollars: 0.01, when: found}  # TODO what that costs you


        """,
      simulation: """
          finds:
            \(field):
              hit_rate: 0.4  # TODO of 1, how often it has a value
              valid_share: 0.85  # TODO of 1, how many of these are right
              latency: {p50: 800ms, p95: 3s}  # TODO half, and one in twenty, take longer

        """,
      http: """
          finds:
            \(field):
              request:
                path: /find  # TODO
                # A parameter without a value in the row is left out. TODO the provider’s names
                query:
        \(query)      # jq on the answer: the value, or null where there is none. TODO
              value: .data.value
              # Where it says how sure it is: its words, sorted into ours.
              #verdict: {of: .data.status, valid: [valid], invalid: [invalid], otherwise: unknown}
        \(options("/find", names))
        """,
      fixtures: """
        finds:
          \(field):
            hit: {status: 200, json: {data: {value: "{value}"}}}
            miss: {status: 200, json: {data: {value: null}}}

        """)
  }

  private static func inputs(of field: Field) -> [[InputName]] {
    switch field {
    case .workEmail: [[.firstName, .lastName, .domain], [.fullName, .domain]]
    case .mobilePhone: [[.linkedinURL], [.email]]
    case .companyDomain: [[.company]]
    case .companySize: [[.domain], [.company]]
    case .jobTitle: [[.linkedinURL], [.email]]
    case .linkedinURL: [[.email], [.firstName, .lastName, .domain]]
    }
  }

  // MARK: Verifiers

  private static func verifier(_ field: Field) -> Parts {
    Parts(
      offer: """
        verifies:
          \(field):
            price: 1  # TODO the credits that one verdict costs
            free: [unknown]  # TODO the verdicts that cost nothing
            cost: {dollars: 0.01, when: called}  # TODO what one verdict costs you


        """,
      simulation: """
          verifies:
            \(field):
              definite: 0.85  # TODO of 1, how often it says valid or invalid
              latency: {p50: 1s, p95: 4s}  # TODO half, and one in twenty, take longer

        """,
      http: """
          verifies:
            \(field):
              request:
                path: /verify  # TODO
                query: {value: "{value}"}  # TODO the provider’s name for what it judges
              verdict:
                of: .data.status  # TODO jq on the answer: the provider’s word
                valid: [valid]  # TODO its words, sorted into ours
                invalid: [invalid]
                unknown: [unknown]
                otherwise: unknown
        \(options("/verify", ["value"].map { InputName($0) }))
        """,
      fixtures: """
        verifies:
          \(field):
            valid: {status: 200, json: {data: {value: "{value}", status: valid}}}
            invalid: {status: 200, json: {data: {value: "{value}", status: invalid}}}
            unknown: {status: 200, json: {data: {value: "{value}", status: unknown}}}

        """)
  }

  // MARK: Both

  /// What some providers need, for an operation that is asked at `path` about `names`: each a
  /// comment and lines that are right without their #.
  private static func options(_ path: String, _ names: [InputName]) -> String {
    let members = names.map { "\n      #    \($0): \"{\($0)}\"" }.joined()
    return """
            # jq on the answer: the credits that it took, where it says so.
            #cost: .credits_used
            # Where the first answer is a job, and the answer itself is fetched under it:
            #poll:
            #  job: .id
            #  every: 5s
            #  most: 3m
            #  request: {path: "\(path)/{job}"}
            #  rules: [{when: '.status == "working"', is: pending}]
            # Where the same is asked again until it is ready; a rule says what is not, such as
            # {status: 202, is: pending}:
            #repeat: {every: 5s, most: 2m}
            # Where many questions go into one request; not with “poll” or “repeat”:
            #batch:
            #  most: 50
            #  wait: 1s
            #  request: {path: \(path)/bulk, json: {questions: "{items}"}}
            #  item:
            #    id: "{item}"\(members)
            #  items: .answers
            #  ref: .id

      """
  }

  // MARK: Fixtures

  private static func fixturesHead(_ name: String) -> String {
    """
    # What \(name) answers, with {value} where its answer has the value.
    # TODO as its documentation shows it, with invented values only

    """
  }

  private static let errors = """
    errors:
      rate_limited: {status: 429, headers: {Retry-After: "2"}, json: {error: Too many requests}}
      credentials: {status: 401, json: {error: Unknown key}}
      quota: {status: 402, json: {error: No credits left}}
      refused: {status: 400, json: {error: Missing parameter}}
      unavailable: {status: 503, text: Service unavailable}
      malformed: {status: 200, text: "<html>busy</html>"}

    """
}
