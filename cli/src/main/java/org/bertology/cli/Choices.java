package org.bertology.cli;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.bertology.api.graph.NearMisses;
import org.bertology.api.model.AttentionPattern;
import org.bertology.api.model.Pooling;
import org.bertology.core.ablation.AblationMode;
import org.bertology.core.checkpoint.StoredType;
import org.bertology.core.data.DataFormat;
import org.bertology.core.data.GlueTask;
import org.bertology.core.export.ExportFormat;
import org.bertology.core.importance.Criterion;
import org.bertology.core.importance.Normalization;
import org.bertology.core.importance.Objective;
import org.bertology.core.importance.Target;
import org.bertology.core.language.Masking;
import org.bertology.core.scoring.Scorers;
import org.bertology.core.statistics.Correction;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Values of options that are one of a few names. */
final class Choices {
  private Choices() {}

  private static <E> E named(String what, String name, E[] values, Function<E, String> key) {
    List<String> known = Arrays.stream(values).map(key).toList();
    int index = known.indexOf(name);
    if (index < 0) {
      String hint = NearMisses.hint(name, known);
      throw new TypeConversionException("no %s is named '%s'%s".formatted(what, name, hint));
    }
    return values[index];
  }

  /** A value that itself refuses texts that stand for none. */
  private static <V> V parsed(String text, Function<String, V> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  static final class OfAttention implements ITypeConverter<AttentionPattern> {
    @Override
    public AttentionPattern convert(String text) {
      return parsed(text, AttentionPattern::parse);
    }
  }

  /** The texts of patterns. */
  static final class Attentions implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("full", "left-to-right", "prefix:N", "sequence-to-sequence").iterator();
    }
  }

  static final class OfPooling implements ITypeConverter<Pooling> {
    @Override
    public Pooling convert(String text) {
      return parsed(text, Pooling::parse);
    }
  }

  /** The names of poolings. */
  static final class Poolings implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Pooling.texts().iterator();
    }
  }

  static final class OfMasking implements ITypeConverter<Masking> {
    @Override
    public Masking convert(String text) {
      return parsed(text, Masking::parse);
    }
  }

  static final class OfAblationMode implements ITypeConverter<AblationMode> {
    @Override
    public AblationMode convert(String name) {
      return named("mode", name, AblationMode.values(), AblationMode::key);
    }
  }

  static final class OfCorrection implements ITypeConverter<Correction> {
    @Override
    public Correction convert(String name) {
      return named("correction", name, Correction.values(), Correction::key);
    }
  }

  static final class OfCriterion implements ITypeConverter<Criterion> {
    @Override
    public Criterion convert(String name) {
      return named("criterion", name, Criterion.values(), Criterion::key);
    }
  }

  /** A key of {@link Scorers}. */
  static final class OfScorer implements ITypeConverter<String> {
    @Override
    public String convert(String name) {
      return parsed(name, Scorers::requireKnown);
    }
  }

  static final class OfObjective implements ITypeConverter<Objective> {
    @Override
    public Objective convert(String name) {
      return named("objective", name, Objective.values(), Objective::key);
    }
  }

  /** The keys of objectives. */
  static final class Objectives implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Objective.values()).map(Objective::key).iterator();
    }
  }

  static final class OfNormalization implements ITypeConverter<Normalization> {
    @Override
    public Normalization convert(String name) {
      return named("normalization", name, Normalization.values(), Normalization::key);
    }
  }

  static final class OfTarget implements ITypeConverter<Target> {
    @Override
    public Target convert(String name) {
      return named("target", name, Target.values(), Target::key);
    }
  }

  static final class OfDataFormat implements ITypeConverter<DataFormat> {
    @Override
    public DataFormat convert(String name) {
      return named("data format", name, DataFormat.values(), DataFormat::key);
    }
  }

  static final class OfFormat implements ITypeConverter<ExportFormat> {
    @Override
    public ExportFormat convert(String name) {
      return named("format", name, ExportFormat.values(), ExportFormat::key);
    }
  }

  /** Element types that weights are saved in. */
  static final class OfType implements ITypeConverter<StoredType> {
    private static final StoredType[] SAVED = {StoredType.F32, StoredType.F16, StoredType.BF16};

    @Override
    public StoredType convert(String name) {
      return named("element type", name, SAVED, type -> type.name().toLowerCase(Locale.ROOT));
    }
  }

  /** Tasks go by several names each. */
  static final class OfTask implements ITypeConverter<GlueTask> {
    @Override
    public GlueTask convert(String name) {
      try {
        return GlueTask.named(name);
      } catch (IllegalArgumentException e) {
        List<String> known = Arrays.stream(GlueTask.values()).map(GlueTask::key).toList();
        throw new TypeConversionException(
            "no task is named '%s'%s".formatted(name, NearMisses.hint(name, known)));
      }
    }
  }

  static final class AblationModes implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(AblationMode.values()).map(AblationMode::key).iterator();
    }
  }

  static final class Corrections implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Correction.values()).map(Correction::key).iterator();
    }
  }

  static final class Criteria implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Criterion.values()).map(Criterion::key).iterator();
    }
  }

  static final class ScorerKeys implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Scorers.keys().iterator();
    }
  }

  static final class Normalizations implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Normalization.values()).map(Normalization::key).iterator();
    }
  }

  static final class Targets implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Target.values()).map(Target::key).iterator();
    }
  }

  static final class DataFormats implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(DataFormat.values()).map(DataFormat::key).iterator();
    }
  }

  static final class Formats implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(ExportFormat.values()).map(ExportFormat::key).iterator();
    }
  }

  static final class Tasks implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(GlueTask.values()).map(GlueTask::key).iterator();
    }
  }
}
