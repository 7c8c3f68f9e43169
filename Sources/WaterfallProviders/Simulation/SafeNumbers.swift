/// Telephone numbers that Ofcom keeps for drama and never assigns, in E.164
/// (“Telephone numbers for use in TV and radio drama programmes”).
enum SafeNumbers {
  /// Mobile numbers 07700 900000 to 900999.
  static func mobile(_ index: Int) -> String { number("+447700900", index) }

  /// A fixed line out of the thousand of each of twelve cities.
  static func landline(_ draw: UInt64) -> String {
    number(
      landlines[Chance.index(draw, below: landlines.count)],
      Chance.index(Chance.key(draw, 1), below: 1000))
  }

  /// Leeds, Sheffield, Nottingham, Leicester, Bristol, Reading, Birmingham, Edinburgh, Glasgow,
  /// Liverpool and Manchester 496 0xxx, and London 7946 0xxx.
  static let landlines: [StaticString] = [
    "+441134960", "+441144960", "+441154960", "+441164960", "+441174960", "+441184960",
    "+441214960", "+441314960", "+441414960", "+441514960", "+441614960", "+442079460",
  ]

  private static func number(_ prefix: StaticString, _ index: Int) -> String {
    // 15 bytes and fewer need no memory of their own.
    String(unsafeUninitializedCapacity: 15) { room in
      var bytes = ByteWriter(room)
      bytes.append(prefix)
      bytes.append(UInt8(ascii: "0") + UInt8(index / 100 % 10))
      bytes.append(UInt8(ascii: "0") + UInt8(index / 10 % 10))
      bytes.append(UInt8(ascii: "0") + UInt8(index % 10))
      return bytes.count
    }
  }
}
