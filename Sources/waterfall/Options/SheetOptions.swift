import ArgumentParser
import CSVCodec
import WaterfallCore

/// How a sheet is read.
struct SheetOptions: ParsableArguments {
  @Argument(help: "The sheet: a CSV file, or - for standard input.")
  var sheet: String

  @Option(
    help: ArgumentHelp("comma, semicolon, tab or pipe (default: found out).", valueName: "name"))
  var delimiter: String?

  @Option(
    help: ArgumentHelp(
      "utf-8, utf-16, latin-1 or windows-1252 (default: utf-8). The output is always UTF-8.",
      valueName: "name"))
  var encoding: String?

  /// Throws `UserError` for a name that is none.
  func readerOptions() throws(UserError) -> CSVReaderOptions {
    var options = CSVReaderOptions()
    if let delimiter {
      options.delimiter = CSVDelimiter(name: delimiter)
      guard options.delimiter != nil else {
        throw UserError(
          .usage, "“\(delimiter)” is no delimiter", place: "--delimiter",
          remedy: "Name comma, semicolon, tab or pipe.")
      }
    }
    if let encoding {
      options.encoding = CSVEncoding(name: encoding)
      guard options.encoding != nil else {
        throw UserError(
          .usage, "“\(encoding)” is no encoding that is read here", place: "--encoding",
          remedy: "Name utf-8, utf-16, latin-1 or windows-1252.")
      }
    }
    return options
  }
}
