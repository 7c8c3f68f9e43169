import CJQ

/// One expression of a manifest by itself, for whoever wants to know what it alone says.
struct JQExpression {
  private let program: JQProgram

  init(_ expression: String) throws(JQProgram.Failure) {
    program = try JQProgram(JQProgram.prelude(JQProgram.enclosed(expression)))
  }

  /// Its first output as a text; nil where that is none, and for a body that is not JSON.
  func text(of response: HTTPResponse, _ values: TemplateValues) -> String? {
    guard let body = JQInput.parse(response.body) else { return nil }
    let output = try? program.first(of: AnswerReader.input(body, response, values))
    return output.flatMap { $0 }?.scalarText
  }
}
