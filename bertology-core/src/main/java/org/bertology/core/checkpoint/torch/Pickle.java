package org.bertology.core.checkpoint.torch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.torch.Python.None;
import org.bertology.core.checkpoint.torch.Python.PyDict;
import org.bertology.core.checkpoint.torch.Python.PyList;
import org.bertology.core.checkpoint.torch.Python.PyTuple;

/**
 * Python's stack machine for object graphs, as {@code pickletools} specifies it, with two
 * restrictions: it knows only the instructions in {@link Opcode}, and only what {@link ClosedList}
 * holds can be named or called. Each instruction costs a bounded time and memory, but for what
 * {@link PickleInput#spend} accounts for.
 */
final class Pickle {
  private static final int HIGHEST_PROTOCOL = 5;

  private final PickleInput input;
  private final Storages storages;
  private final List<Object> stack = new ArrayList<>();

  /** Heights of the stack. */
  private final List<Integer> marks = new ArrayList<>();

  private final Map<Long, Object> memo = new HashMap<>();

  private Pickle(PickleInput input, Storages storages) {
    this.input = input;
    this.storages = storages;
  }

  /**
   * Reads one pickle; what follows it in the input is left there.
   *
   * @param storages where storages are declared
   * @throws ContentException if it is broken or asks for what is not in the closed list
   */
  static Object read(PickleInput input, Storages storages) {
    return new Pickle(input, storages).object();
  }

  private Object object() {
    for (Opcode opcode = next(); opcode != Opcode.STOP; opcode = next()) {
      execute(opcode);
    }
    return pop();
  }

  private Opcode next() {
    int code = input.unsignedByte();
    input.spend(1);
    return Opcode.of(code)
        .orElseThrow(
            () -> input.broken("the instruction 0x%02x has no place in it".formatted(code)));
  }

  private void execute(Opcode opcode) {
    switch (opcode) {
      case PROTO -> checkProtocol(input.unsignedByte());
      case FRAME -> input.signedLong();
      case STOP -> throw new IllegalStateException("the end is no instruction to execute");

      case NONE -> push(None.NONE);
      case NEWTRUE -> push(true);
      case NEWFALSE -> push(false);
      case BININT -> push((long) input.signedInt());
      case BININT1 -> push((long) input.unsignedByte());
      case BININT2 -> push((long) input.unsignedShort());
      case LONG1 -> push(input.whole(input.unsignedByte()));
      case LONG4 -> push(input.whole(input.signedInt()));
      case BINFLOAT -> push(input.real());
      case BINUNICODE -> push(input.utf8(input.unsignedInt()));
      case SHORT_BINUNICODE -> push(input.utf8(input.unsignedByte()));
      case BINUNICODE8 -> push(input.utf8(input.signedLong()));
      case BINSTRING -> push(input.latin1(input.signedInt()));
      case SHORT_BINSTRING -> push(input.latin1(input.unsignedByte()));
      case BINBYTES -> push(input.raw(input.unsignedInt()));
      case SHORT_BINBYTES -> push(input.raw(input.unsignedByte()));
      case BINBYTES8 -> push(input.raw(input.signedLong()));

      case MARK -> marks.add(stack.size());
      case POP -> pop();
      case POP_MARK -> popToMark();
      case DUP -> push(top());

      case EMPTY_TUPLE -> push(new PyTuple(List.of()));
      case TUPLE1 -> push(new PyTuple(popLast(1)));
      case TUPLE2 -> push(new PyTuple(popLast(2)));
      case TUPLE3 -> push(new PyTuple(popLast(3)));
      case TUPLE -> push(new PyTuple(popToMark()));
      case EMPTY_LIST -> push(new PyList());
      case APPEND -> append(popLast(1));
      case APPENDS -> append(popToMark());
      case EMPTY_DICT -> push(new PyDict());
      case SETITEM -> putAll(popLast(2));
      case SETITEMS -> putAll(popToMark());

      case BINPUT -> memo.put((long) input.unsignedByte(), top());
      case LONG_BINPUT -> memo.put(input.unsignedInt(), top());
      case MEMOIZE -> memo.put((long) memo.size(), top());
      case BINGET -> push(remembered(input.unsignedByte()));
      case LONG_BINGET -> push(remembered(input.unsignedInt()));

      case GLOBAL -> push(ClosedList.find(input, input.line() + "." + input.line()));
      case STACK_GLOBAL -> push(stackGlobal());
      case BINPERSID -> push(storage());
      case REDUCE -> push(call());
      case BUILD -> ignoreAttributes();
    }
  }

  private void checkProtocol(int protocol) {
    if (protocol > HIGHEST_PROTOCOL) {
      throw input.broken(
          "it is of protocol %d; the latest that is read is %d"
              .formatted(protocol, HIGHEST_PROTOCOL));
    }
  }

  private void push(Object object) {
    stack.add(object);
  }

  private Object top() {
    requireHeight(1);
    return stack.get(stack.size() - 1);
  }

  private Object pop() {
    return popLast(1).get(0);
  }

  private List<Object> popLast(int count) {
    requireHeight(count);
    List<Object> last = stack.subList(stack.size() - count, stack.size());
    List<Object> popped = List.copyOf(last);
    last.clear();
    return popped;
  }

  /** An object below a mark cannot be reached, as in Python. */
  private void requireHeight(int count) {
    int bottom = marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
    if (stack.size() - bottom < count) {
      throw input.broken("it takes an object from an empty stack");
    }
  }

  private List<Object> popToMark() {
    if (marks.isEmpty()) {
      throw input.broken("it returns to a mark that is not there");
    }
    int bottom = marks.remove(marks.size() - 1);
    List<Object> above = stack.subList(bottom, stack.size());
    List<Object> popped = List.copyOf(above);
    above.clear();
    return popped;
  }

  private void append(List<Object> items) {
    if (!(top() instanceof PyList list)) {
      throw input.broken("it appends to " + Python.kind(top()));
    }
    list.items().addAll(items);
  }

  private void putAll(List<Object> keysAndValues) {
    if (!(top() instanceof PyDict dictionary)) {
      throw input.broken("it sets items of " + Python.kind(top()));
    }
    if (keysAndValues.size() % 2 != 0) {
      throw input.broken("it sets an item without a value");
    }
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      dictionary.put(input, keysAndValues.get(i), keysAndValues.get(i + 1));
    }
  }

  private Object remembered(long index) {
    Object object = memo.get(index);
    if (object == null) {
      throw input.broken("it recalls object %d, which it has not kept".formatted(index));
    }
    return object;
  }

  private Object stackGlobal() {
    Arguments names = new Arguments(input, "a name", popLast(2));
    return ClosedList.find(input, names.text(0) + "." + names.text(1));
  }

  private Storage storage() {
    if (!(pop() instanceof PyTuple id)) {
      throw input.broken("a persistent id is no tuple");
    }
    return storages.declare(new Arguments(input, "a persistent id", id.items()));
  }

  private Object call() {
    List<Object> call = popLast(2);
    if (!(call.get(0) instanceof Constructor constructor)) {
      throw input.broken("it calls " + Python.kind(call.get(0)));
    }
    if (!(call.get(1) instanceof PyTuple arguments)) {
      throw input.broken("the arguments of a call are " + Python.kind(call.get(1)));
    }
    return constructor.call(input, arguments.items());
  }

  /** Attributes, such as the versions of a state dict's modules, do not matter here. */
  private void ignoreAttributes() {
    pop();
    if (!(top() instanceof PyDict)) {
      throw input.broken("it gives attributes to " + Python.kind(top()));
    }
  }
}
