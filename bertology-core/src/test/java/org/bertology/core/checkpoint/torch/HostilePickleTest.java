package org.bertology.core.checkpoint.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bertology.core.checkpoint.torch.RawPickle.stateDict;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.Mutations;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pickles that ask for what a checkpoint has no use for, or for more than they are worth. */
class HostilePickleTest {
  private static final String CLOSED_LIST =
      "'%s': the pickle asks for '%s', which is not in the closed list of what a checkpoint may"
          + " construct; nothing of it was run. If you trust its author, load the file with PyTorch"
          + " and save the model's state_dict() alone";

  @TempDir Path directory;

  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = directory.resolve("hostile.bin");
  }

  @ParameterizedTest
  @CsvSource({
    "os, system",
    "posix, system",
    "builtins, eval",
    "__builtin__, exec",
    "subprocess, Popen",
    "torch, load",
    "torch.storage, _load_from_bytes",
    "torch._utils, _rebuild_sparse_tensor",
    "torch, ComplexFloatStorage",
    "torch, uint16",
    "torch, Size.__new__",
    "numpy.core.multiarray, _reconstruct",
    "collections, OrderedDict.__init__",
    "'', ''"
  })
  void whatIsNotOnTheListIsRefusedByName(String module, String name) throws IOException {
    String asked = module + "." + name;
    write(new RawPickle().global(module, name).text("touch /tmp/owned").code(0x85, 'R'));
    assertRefused(CLOSED_LIST, file, asked);

    write(new RawPickle().text(module).text(name).code(0x93).text("x").code(0x85, 'R'));
    assertRefused(CLOSED_LIST, file, asked);
  }

  @Test
  void aNameOnTheListIsFoundByBothInstructions() throws IOException {
    write(stateDict(new RawPickle().tensor(0, new long[] {4}, new long[] {1})));
    assertThat(TorchFile.read(file)).containsOnlyKeys("x");

    RawPickle stack =
        new RawPickle()
            .text("torch._utils")
            .text("_rebuild_tensor")
            .code(0x93, '(')
            .storage("0", 4);
    write(stateDict(stack.number(1).numbers(3).numbers(1).ops("tR")));
    assertThat(TorchFile.read(file).get("x").data().getFloat(0)).isEqualTo(1);
  }

  @Test
  void aNameIsQuotedWithoutControlCharactersAndShortened() throws IOException {
    write(new RawPickle().text("os\n\u001b[2K").text("x".repeat(5000)).code(0x93));

    assertRefused(CLOSED_LIST, file, "os\ufffd\ufffd[2K." + "x".repeat(92) + "…");
  }

  /** INST, OBJ, NEWOBJ, NEWOBJ_EX, EXT1, PERSID, STRING, INT, NEXT_BUFFER, and none. */
  @ParameterizedTest
  @ValueSource(
      strings = {"0x69", "0x6f", "0x81", "0x92", "0x82", "0x50", "0x53", "0x49", "0x97", "0x00"})
  void instructionsThatNoStateDictNeedsAreRefused(String code) throws IOException {
    write(new RawPickle().ops("N)").code(Integer.decode(code)));

    assertRefused(
        "'%s': the pickle is broken at byte %d: the instruction %s has no place in it",
        file, start() + 5, code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | it takes an object from an empty stack",
        "q\\1 | it takes an object from an empty stack",
        "NN(\\u0085 | it takes an object from an empty stack",
        "t | it returns to a mark that is not there",
        "h\\7 | it recalls object 7, which it has not kept",
        "NNa | it appends to None",
        "](NNNu | it sets items of a list",
        "}(Nu | it sets an item without a value",
        "}]Ns | a key of a dictionary is a list",
        "}NNs | a key of a dictionary is None",
        "]Nb | it gives attributes to a list",
        "N)R | it calls None",
        "}]R | it calls a dictionary",
        "NQ | a persistent id is no tuple",
        ")Q | a persistent id takes 5 to 6 arguments, got 0",
        "(NNNNNtQ | argument 1 of a persistent id must be a string, got None"
      })
  void aPickleThatDoesNotAddUpIsBroken(String codes, String fault) throws IOException {
    write(new RawPickle().ops(unescaped(codes)));

    assertThatThrownBy(() -> TorchFile.read(file))
        .isInstanceOf(ContentException.class)
        .hasMessageStartingWith("'%s': the pickle is broken at byte ", file)
        .hasMessageEndingWith(": " + fault);
  }

  private static String unescaped(String codes) {
    return codes.replace("\\1", "\u0001").replace("\\7", "\u0007").replace("\\u0085", "\u0085");
  }

  @Test
  void laterProtocolsAreRefused() throws IOException {
    write(new RawPickle().code(0x80, 6));

    assertBroken(4, "it is of protocol 6; the latest that is read is 5");
  }

  @Test
  void lengthsBeyondTheEndAreRefusedBeforeAnythingIsReserved() throws IOException {
    write(new RawPickle().code('X').littleEndian(4, 0xffff_ffffL));
    assertBroken(7, "it needs 4294967295 bytes more, and there are 1");

    write(new RawPickle().code(0x8d).littleEndian(8, Long.MAX_VALUE));
    assertBroken(11, "it needs 9223372036854775807 bytes more, and there are 1");

    write(new RawPickle().code(0x8e).littleEndian(8, -1));
    assertBroken(11, "it needs 18446744073709551615 bytes more, and there are 1");

    write(new RawPickle().code(0x8b).littleEndian(4, Integer.MAX_VALUE));
    assertBroken(7, "it needs 2147483647 bytes more, and there are 1");

    write(new RawPickle().code(0x8b).littleEndian(4, -1));
    assertBroken(7, "it needs 18446744073709551615 bytes more, and there are 1");
  }

  @Test
  void textMustBeUtf8() throws IOException {
    write(new RawPickle().code(0x8c, 1, 0xff));

    assertBroken(5, "a string is not UTF-8");
  }

  @Test
  void aPickleWithoutEndIsBroken() throws IOException {
    Files.write(file, new RawTorchFile().with("a/data.pkl", new byte[] {'}'}).zip(ZipEntry.STORED));

    assertBroken(1, "it needs 1 bytes more, and there are 0");
  }

  @Test
  void copyingAListOverAndOverIsMoreWorkThanAPickleMayAskFor() throws IOException {
    // A list of pairs is kept, and a dictionary made of it a thousand times.
    RawPickle pickle =
        new RawPickle().ops("](").repeat(1000, new RawPickle().text("k").ops("N\u0086"));
    pickle.ops("eq\1" + "0").global("collections", "OrderedDict").ops("q\2");
    pickle.repeat(1000, new RawPickle().ops("h\2h\1\u0085R0"));
    write(pickle);

    assertThatThrownBy(() -> TorchFile.read(file))
        .isInstanceOf(ContentException.class)
        .hasMessageEndingWith(
            "it asks for more than %d steps, the most for its size", pickle.bytes().length);
  }

  @Test
  void makingShapesOverAndOverIsMoreWorkThanAPickleMayAskFor() throws IOException {
    RawPickle pickle = new RawPickle().global("torch._utils", "_rebuild_tensor");
    pickle.ops("q\1" + "0(").storage("0", 4).number(0).numbers(new long[64]).ops("2tq\2" + "0");
    write(pickle.repeat(1000, new RawPickle().ops("h\1h\2R")));

    assertThatThrownBy(() -> TorchFile.read(file))
        .isInstanceOf(ContentException.class)
        .hasMessageContaining("it asks for more than ");
  }

  @Test
  void objectsMayBeNestedDeeply() throws IOException {
    int depth = 200_000;
    RawPickle nested = new RawPickle().repeat(depth, new RawPickle().code(']'));
    nested.repeat(depth - 1, new RawPickle().code('a'));

    write(besideATensor(nested));

    assertThat(TorchFile.read(file)).containsOnlyKeys("x");
  }

  @Test
  void objectsMayContainThemselves() throws IOException {
    write(besideATensor(new RawPickle().ops("}q\1").text("self").ops("h\1s")));

    assertThat(TorchFile.read(file)).containsOnlyKeys("x");
  }

  @Test
  void noPickleTakesMoreMemoryThanInProportionToItsSize() throws IOException {
    Map<String, RawPickle> bombs =
        Map.of(
            "lists of lists, each twice in the next",
            new RawPickle().ops("]q\1").repeat(10_000, doublings()),
            "memo with holes",
            new RawPickle().code('N', 'r', 0xff, 0xff, 0xff, 0xff, 'r', 0, 0, 0, 0x80),
            "copies of the top",
            new RawPickle().code('}').repeat(100_000, new RawPickle().code('2')),
            "dictionaries",
            new RawPickle().repeat(100_000, new RawPickle().code('}')),
            "marks",
            new RawPickle().repeat(100_000, new RawPickle().code('(')),
            "attributes",
            new RawPickle().ops("}q\1").repeat(30_000, new RawPickle().ops("h\1b")),
            "one long number",
            new RawPickle().code(0x8b).littleEndian(4, 400_000).raw(new byte[400_000]));

    for (Map.Entry<String, RawPickle> bomb : bombs.entrySet()) {
      Files.deleteIfExists(file);
      write(besideATensor(bomb.getValue()));
      Mutations.assertReadOrRefused(bomb.getKey(), file, TorchFile::read);
    }
  }

  private static RawPickle doublings() {
    return new RawPickle().ops("](h\1h\1eq\1");
  }

  private static RawPickle besideATensor(RawPickle other) {
    return stateDict(new RawPickle().tensor(0, new long[] {4}, new long[] {1}))
        .text("other")
        .repeat(1, other)
        .code('s');
  }

  private void write(RawPickle pickle) throws IOException {
    RawTorchFile.of(pickle).write(file);
  }

  /** Where the pickle begins in the file: behind its entry's header of 30 bytes and its name. */
  private static int start() {
    return 30 + "a/data.pkl".length();
  }

  private void assertBroken(int offset, String fault) {
    assertRefused("'%s': the pickle is broken at byte %d: %s", file, start() + offset, fault);
  }

  private void assertRefused(String message, Object... arguments) {
    assertThatThrownBy(() -> TorchFile.read(file))
        .isInstanceOf(ContentException.class)
        .hasMessage(message, arguments);
  }
}
