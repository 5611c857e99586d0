package org.bertology.core.checkpoint.tensorflow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.MappedTensors;
import org.bertology.core.checkpoint.StoredType;
import org.bertology.core.checkpoint.StoredWeights;
import org.bertology.core.checkpoint.TensorEntry;
import org.bertology.core.protobuf.MessageReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The variables of a TensorFlow checkpoint under TensorFlow's names: {@code PREFIX.index}, a {@link
 * SortedTable} that says where each is, and {@code PREFIX.data-00000-of-00001} and so on, which are
 * mapped. Left out is what belongs to the training alone, such as an optimizer's moments. The
 * checksum of a variable is verified when it is first read. There is nothing to close. Thread-safe.
 */
final class TensorBundle implements StoredWeights {
  static final String INDEX = ".index";

  private static final Logger LOGGER = LoggerFactory.getLogger(TensorBundle.class);

  /** Far beyond every model; such an index has some kilobytes. */
  private static final int MOST_INDEX_BYTES = 1 << 24;

  /** The last parts of the names of counters and moments. */
  private static final Set<String> OF_TRAINING =
      Set.of(
          "global_step",
          "adam_m",
          "adam_v",
          "Adam",
          "Adam_1",
          "lamb_m",
          "lamb_v",
          "Momentum",
          "beta1_power",
          "beta2_power");

  private static final String OBJECT_GRAPH = "_CHECKPOINTABLE_OBJECT_GRAPH";

  private final Path index;
  private final List<Path> shards;
  private final Map<String, Variable> variables;
  private final Set<String> verified = ConcurrentHashMap.newKeySet();

  private TensorBundle(Path index, List<Path> shards, Map<String, Variable> variables) {
    this.index = index;
    this.shards = shards;
    this.variables = variables;
  }

  /**
   * A variable and where it is.
   *
   * @param checksum that the index states
   */
  private record Variable(MappedTensors shard, Path file, int checksum) {}

  /**
   * Opens an index and all files that belong to it.
   *
   * @throws ContentException if one is missing or broken, or holds what is not read
   */
  static TensorBundle open(Path index) {
    String source = "'%s'".formatted(index);
    try {
      Map<String, ByteBuffer> table = SortedTable.read(source, bytes(index));
      List<Path> shards = shards(index, header(source, table));
      Map<String, BundleEntry> entries = entries(source, table);
      return new TensorBundle(index, shards, variables(index, shards, entries));
    } catch (IOException e) {
      throw new UncheckedIOException("%s could not be read: %s".formatted(source, e), e);
    }
  }

  private static ByteBuffer bytes(Path index) throws IOException {
    long size = Files.size(index);
    if (size > MOST_INDEX_BYTES) {
      throw new ContentException(
          "'%s' is no index of a TensorFlow checkpoint: it has %d bytes, expected at most %d"
              .formatted(index, size, MOST_INDEX_BYTES));
    }
    return ByteBuffer.wrap(Files.readAllBytes(index));
  }

  private static BundleHeader header(String source, Map<String, ByteBuffer> table) {
    ByteBuffer header = table.get(BundleHeader.KEY);
    if (header == null) {
      throw new ContentException("%s is broken: it has no header".formatted(source));
    }
    return BundleHeader.read(new MessageReader(source + ": the header", header));
  }

  private static List<Path> shards(Path index, BundleHeader header) {
    String name = index.getFileName().toString();
    String prefix = name.substring(0, name.length() - INDEX.length());
    List<Path> shards = new ArrayList<>();
    for (int shard = 0; shard < header.shards(); shard++) {
      Path file =
          index.resolveSibling("%s.data-%05d-of-%05d".formatted(prefix, shard, header.shards()));
      if (!Files.isRegularFile(file)) {
        throw new ContentException(
            "'%s' belongs to '%s', but the file is missing".formatted(file, index));
      }
      shards.add(file);
    }
    return shards;
  }

  private static Map<String, BundleEntry> entries(String source, Map<String, ByteBuffer> table) {
    if (table.containsKey(OBJECT_GRAPH)) {
      throw new ContentException(
          "%s holds TensorFlow 2 objects, whose variables have names of their own making; read are variables by name, as Google's BERT, ALBERT and ELECTRA save them"
              .formatted(source));
    }
    Map<String, BundleEntry> entries = new LinkedHashMap<>();
    List<String> leftOut = new ArrayList<>();
    table.forEach(
        (name, value) -> {
          if (isOfTraining(name)) {
            leftOut.add(name);
          } else if (!name.equals(BundleHeader.KEY)) {
            String variable = "%s: variable '%s'".formatted(source, name);
            entries.put(name, BundleEntry.read(name, new MessageReader(variable, value)));
          }
        });
    if (!leftOut.isEmpty()) {
      LOGGER.debug("left out of {}, being of the training: {}", source, leftOut);
    }
    return entries;
  }

  private static boolean isOfTraining(String name) {
    return OF_TRAINING.contains(name.substring(name.lastIndexOf('/') + 1));
  }

  private static Map<String, Variable> variables(
      Path index, List<Path> shards, Map<String, BundleEntry> entries) throws IOException {
    List<List<TensorEntry>> byShard = byShard(index, shards.size(), entries);
    List<MappedTensors> mapped = new ArrayList<>();
    for (int shard = 0; shard < shards.size(); shard++) {
      mapped.add(map(shards.get(shard), byShard.get(shard)));
    }
    Map<String, Variable> variables = new LinkedHashMap<>();
    entries.forEach(
        (name, entry) ->
            variables.put(
                name,
                new Variable(
                    mapped.get(entry.shard()), shards.get(entry.shard()), entry.checksum())));
    return Collections.unmodifiableMap(variables);
  }

  private static List<List<TensorEntry>> byShard(
      Path index, int shards, Map<String, BundleEntry> entries) {
    List<List<TensorEntry>> byShard =
        IntStream.range(0, shards).<List<TensorEntry>>mapToObj(shard -> new ArrayList<>()).toList();
    for (BundleEntry entry : entries.values()) {
      if (entry.shard() >= shards) {
        throw new ContentException(
            "'%s': variable '%s' is in data file %d, but there are only %d"
                .formatted(index, entry.tensor().name(), entry.shard() + 1L, shards));
      }
      byShard.get(entry.shard()).add(entry.tensor());
    }
    return byShard;
  }

  private static MappedTensors map(Path shard, List<TensorEntry> tensors) throws IOException {
    try (FileChannel channel = FileChannel.open(shard, StandardOpenOption.READ)) {
      return MappedTensors.of("'%s'".formatted(shard), channel, 0, tensors);
    }
  }

  /** The files that hold the variables. */
  List<Path> shards() {
    return shards;
  }

  @Override
  public Set<String> names() {
    return variables.keySet();
  }

  @Override
  public long[] shape(String name) {
    return variable(name).shard().shape(name);
  }

  @Override
  public StoredType storedType(String name) {
    return variable(name).shard().storedType(name);
  }

  /** A floating-point variable, see {@link #tensor}. */
  @Override
  public Tensor get(String name) {
    Tensor tensor = variable(name).shard().get(name);
    verify(name);
    return tensor;
  }

  /**
   * A variable.
   *
   * @throws ContentException if its bytes do not have their checksum
   */
  @Override
  public Tensor tensor(String name) {
    Tensor tensor = variable(name).shard().tensor(name);
    verify(name);
    return tensor;
  }

  private void verify(String name) {
    if (verified.contains(name)) {
      return;
    }
    Variable variable = variable(name);
    if (MaskedChecksum.of(variable.shard().bytes(name)) != variable.checksum()) {
      throw new ContentException(
          "'%s' is damaged: variable '%s' does not have the checksum that '%s' states; fetch the file again"
              .formatted(variable.file(), name, index));
    }
    verified.add(name);
  }

  private Variable variable(String name) {
    Variable variable = variables.get(name);
    if (variable == null) {
      throw new IllegalArgumentException("'%s' has no variable '%s'".formatted(index, name));
    }
    return variable;
  }
}
