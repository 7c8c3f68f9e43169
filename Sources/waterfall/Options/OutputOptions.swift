import ArgumentParser
import WaterfallReports

/// Formats of commands that print one document.
struct DocumentOptions: ParsableArguments {
  @Flag(help: "Print one JSON document instead of text.")
  var json = false

  func print(text: @autoclosure () -> String, json document: @autoclosure () -> JSONValue) throws {
    try Console.standard.data(json ? document().text() : text())
  }
}
