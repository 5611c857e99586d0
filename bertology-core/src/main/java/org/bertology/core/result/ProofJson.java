package org.bertology.core.result;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.model.ModelMask;
import org.bertology.core.prove.Proof;
import org.bertology.core.run.EncodedData;

/**
 * The comparison of a pruned model with the masked one as one JSON document, the same to the byte
 * for the same models, data and settings except for its last member, {@code run}.
 */
public final class ProofJson {
  /** Raised when a reader of an older document could misread a newer one. */
  public static final int SCHEMA_VERSION = 1;

  private ProofJson() {}

  /**
   * The document's text.
   *
   * @param provenance of the model before it was pruned, and of the data
   */
  public static String of(
      Proof proof,
      ModelMask mask,
      EncodedData data,
      Provenance provenance,
      Checkpoint pruned,
      RunRecord run) {
    JsonObject document = new JsonObject();
    document.addProperty("schemaVersion", SCHEMA_VERSION);
    document.addProperty("kind", "proof");
    member(proof).entrySet().forEach(entry -> document.add(entry.getKey(), entry.getValue()));
    Summary.addMasks(document, mask);
    document.add("counts", Summary.counts(data.size(), data.tokens(), data.truncated()));
    JsonObject source = provenance.toJson();
    source.add("pruned", Provenance.Source.of(pruned).toJson());
    document.add("provenance", source);
    document.add("run", run.toJson());
    return Json.document(document);
  }

  /** A proof as part of a document; examples count from 1. */
  static JsonObject member(Proof proof) {
    JsonObject member = new JsonObject();
    member.addProperty("holds", proof.holds());
    member.add("absolute", Json.number(proof.absolute()));
    member.add("relative", Json.number(proof.relative()));
    member.add("largest", Json.number(proof.largest()));
    member.add("example", example(proof));
    member.add("tolerance", Json.number(proof.tolerance()));
    member.addProperty("examples", proof.examples());
    return member;
  }

  private static JsonElement example(Proof proof) {
    return proof.example().isPresent()
        ? new JsonPrimitive(proof.example().getAsInt() + 1)
        : JsonNull.INSTANCE;
  }
}
