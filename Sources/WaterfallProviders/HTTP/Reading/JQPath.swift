import CJQ

/// A jq expression that is nothing but a path, such as `.data.emails[0].address`: it is followed
/// without running jq, and says the same.
struct JQPath: Sendable {
  private enum Step: Sendable {
    case member(String)
    case item(Int32)
  }

  private let steps: [Step]

  /// nil for an expression that is more than a path.
  init?(_ expression: String) {
    var steps: [Step] = []
    var rest = expression[...]
    while rest.last?.isWhitespace == true { rest.removeLast() }
    guard rest.first == ".", rest.count > 1 else { return nil }
    while !rest.isEmpty {
      if let match = rest.prefixMatch(of: /\.([A-Za-z_][A-Za-z0-9_]*)/) {
        steps.append(.member(String(match.1)))
        rest = rest[match.range.upperBound...]
      } else if !steps.isEmpty, let match = rest.prefixMatch(of: /\[([0-9]{1,6})\]/),
        let index = Int32(match.1)
      {
        steps.append(.item(index))
        rest = rest[match.range.upperBound...]
      } else {
        return nil
      }
    }
    self.steps = steps
  }

  /// What stands there; null where nothing does. nil where jq would fail, such as for a member of a
  /// text. Does not free `body`.
  func value(in body: jv) -> JSON? {
    var value = jv_copy(body)
    for step in steps {
      switch (step, jv_get_kind(value)) {
      case (_, JV_KIND_NULL): break
      case (.member(let name), JV_KIND_OBJECT): value = jv_object_get(value, JQInput.string(name))
      case (.item(let index), JV_KIND_ARRAY): value = jv_array_get(value, index)
      default:
        jv_free(value)
        return nil
      }
      if jv_get_kind(value) == JV_KIND_INVALID {
        jv_free(value)
        return .null
      }
    }
    return JSON(taking: value)
  }
}
