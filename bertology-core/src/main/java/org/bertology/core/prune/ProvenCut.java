package org.bertology.core.prune;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.StagedModel;
import org.bertology.core.checkpoint.StoredType;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.prove.Proof;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.run.RunSettings;

/** A cut that is saved only if the model that would be there computes what it should. */
public final class ProvenCut {
  private ProvenCut() {}

  /**
   * Cuts a model, writes it under a hidden name, loads it from there on the same backend, compares
   * it with the masked model, and gives it its own name if the proof holds. What a narrower element
   * type costs is part of the difference.
   *
   * @param examples on which the models are compared
   * @param tolerance see {@link Proof#tolerance}
   * @param type see {@link StagedModel#write}
   * @throws IllegalArgumentException as {@link Cut#of}, {@link Proof#of} and {@link
   *     StagedModel#write} do
   */
  public static Proof save(
      Model whole,
      ModelMask mask,
      List<EncodedExample> examples,
      RunSettings settings,
      double tolerance,
      Optional<StoredType> type,
      Path target,
      Existing existing) {
    Checkpoint cut = Cut.of(whole.checkpoint(), mask);
    try (StagedModel staged = StagedModel.write(cut, type, target, existing)) {
      Proof proof = proof(whole, mask, staged.directory(), examples, settings, tolerance);
      if (proof.holds()) {
        staged.publish();
      }
      return proof;
    }
  }

  private static Proof proof(
      Model whole,
      ModelMask mask,
      Path directory,
      List<EncodedExample> examples,
      RunSettings settings,
      double tolerance) {
    try (Model saved = Model.openWithoutTokenizer(directory, whole.backend())) {
      return Proof.of(whole, mask, saved, examples, settings, tolerance);
    }
  }
}
