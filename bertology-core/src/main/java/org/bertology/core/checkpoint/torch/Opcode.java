package org.bertology.core.checkpoint.torch;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * An instruction of a pickle of protocols 2 to 5, as Python's {@code pickletools} names it: those
 * that a state dict needs.
 */
enum Opcode {
  MARK('('),
  STOP('.'),
  POP('0'),
  POP_MARK('1'),
  DUP('2'),
  BINBYTES('B'),
  SHORT_BINBYTES('C'),
  BINFLOAT('G'),
  BININT('J'),
  BININT1('K'),
  BININT2('M'),
  NONE('N'),
  BINPERSID('Q'),
  REDUCE('R'),
  BINSTRING('T'),
  SHORT_BINSTRING('U'),
  BINUNICODE('X'),
  EMPTY_LIST(']'),
  APPEND('a'),
  BUILD('b'),
  GLOBAL('c'),
  APPENDS('e'),
  BINGET('h'),
  LONG_BINGET('j'),
  BINPUT('q'),
  LONG_BINPUT('r'),
  SETITEM('s'),
  TUPLE('t'),
  SETITEMS('u'),
  EMPTY_DICT('}'),
  EMPTY_TUPLE(')'),
  PROTO(0x80),
  TUPLE1(0x85),
  TUPLE2(0x86),
  TUPLE3(0x87),
  NEWTRUE(0x88),
  NEWFALSE(0x89),
  LONG1(0x8a),
  LONG4(0x8b),
  SHORT_BINUNICODE(0x8c),
  BINUNICODE8(0x8d),
  BINBYTES8(0x8e),
  STACK_GLOBAL(0x93),
  MEMOIZE(0x94),
  FRAME(0x95);

  private static final Map<Integer, Opcode> BY_CODE =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(opcode -> opcode.code, Function.identity()));

  private final int code;

  Opcode(int code) {
    this.code = code;
  }

  /** The instruction with this byte, 0 to 255. */
  static Optional<Opcode> of(int code) {
    return Optional.ofNullable(BY_CODE.get(code));
  }
}
