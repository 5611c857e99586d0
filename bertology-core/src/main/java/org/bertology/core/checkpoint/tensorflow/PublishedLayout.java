package org.bertology.core.checkpoint.tensorflow;

import java.util.Collection;
import java.util.List;
import org.bertology.core.ContentException;
import org.bertology.core.json.JsonFields;

/**
 * How a family's checkpoints were published: which variables there are, what they are called as
 * parameters, and what a model is for.
 *
 * @param modelType the family, as {@code config.json} has it
 * @param heads of the tasks, the first that is there counts
 * @param encoder the class of a model without any of them
 * @param names of all variables
 */
record PublishedLayout(String modelType, List<Head> heads, String encoder, VariableNames names) {
  /** The variable with one row per label, of a model that was fine-tuned to classify. */
  static final String LABEL_WEIGHTS = "output_weights";

  private static final String GENERATOR = "ElectraForMaskedLM";

  PublishedLayout {
    heads = List.copyOf(heads);
  }

  /**
   * A head and the class of the models that have it.
   *
   * @param variables how the names of its variables begin
   */
  record Head(String variables, String architecture) {}

  /**
   * The layout of a checkpoint.
   *
   * @param config says the family, or else the variables do; of ELECTRA, whose two models share a
   *     checkpoint, it may name the generator's class
   * @throws ContentException if it is another family
   */
  static PublishedLayout of(JsonFields config, Collection<String> variables) {
    String family = config.text("model_type", family(variables));
    return switch (family) {
      case "bert" -> bert();
      case "albert" -> albert();
      case "electra" ->
          config.texts("architectures").contains(GENERATOR) ? generator() : discriminator();
      default ->
          throw new ContentException(
              "%s: TensorFlow checkpoints of family '%s' are not read; read are bert, albert, electra"
                  .formatted(config.source(), family));
    };
  }

  private static String family(Collection<String> variables) {
    if (variables.stream().anyMatch(name -> name.startsWith("electra/"))) {
      return "electra";
    }
    boolean shared =
        variables.stream().anyMatch(name -> name.startsWith("bert/encoder/transformer/"));
    return shared ? "albert" : "bert";
  }

  /** The class of a model with these variables. */
  String architecture(Collection<String> variables) {
    return heads.stream()
        .filter(head -> variables.stream().anyMatch(name -> name.startsWith(head.variables())))
        .map(Head::architecture)
        .findFirst()
        .orElse(encoder);
  }

  /** Devlin et al. (2019), and what their {@code run_classifier.py} saves. */
  private static PublishedLayout bert() {
    VariableNames names =
        new VariableNames()
            .dense("bert/pooler/dense", "bert.pooler.dense")
            .dense("cls/predictions/transform/dense", "cls.predictions.transform.dense")
            .norm("cls/predictions/transform/LayerNorm", "cls.predictions.transform.LayerNorm")
            .variable("cls/predictions/output_bias", "cls.predictions.bias")
            .variable("cls/seq_relationship/output_weights", "cls.seq_relationship.weight")
            .variable("cls/seq_relationship/output_bias", "cls.seq_relationship.bias");
    addEmbeddings(names, "bert/embeddings", "bert.embeddings");
    addLayers(names, "bert/encoder/layer_#", "bert.encoder.layer.#");
    addClassifier(names);
    List<Head> heads =
        List.of(
            new Head(LABEL_WEIGHTS, "BertForSequenceClassification"),
            new Head("cls/predictions/", "BertForMaskedLM"));
    return new PublishedLayout("bert", heads, "BertModel", names);
  }

  /** Lan et al. (2020), whose layers share the parameters of their group. */
  private static PublishedLayout albert() {
    String scope = "bert/encoder/transformer/group_#/inner_group_#";
    String layer = "albert.encoder.albert_layer_groups.#.albert_layers.#";
    VariableNames names =
        new VariableNames()
            .dense(
                "bert/encoder/embedding_hidden_mapping_in",
                "albert.encoder.embedding_hidden_mapping_in")
            .dense(scope + "/attention_1/self/query", layer + ".attention.query")
            .dense(scope + "/attention_1/self/key", layer + ".attention.key")
            .dense(scope + "/attention_1/self/value", layer + ".attention.value")
            .dense(scope + "/attention_1/output/dense", layer + ".attention.dense")
            .norm(scope + "/LayerNorm", layer + ".attention.LayerNorm")
            .dense(scope + "/ffn_1/intermediate/dense", layer + ".ffn")
            .dense(scope + "/ffn_1/intermediate/output/dense", layer + ".ffn_output")
            .norm(scope + "/LayerNorm_1", layer + ".full_layer_layer_norm")
            .dense("bert/pooler/dense", "albert.pooler")
            .dense("cls/predictions/transform/dense", "predictions.dense")
            .norm("cls/predictions/transform/LayerNorm", "predictions.LayerNorm")
            .variable("cls/predictions/output_bias", "predictions.bias")
            .variable("cls/seq_relationship/output_weights", "sop_classifier.classifier.weight")
            .variable("cls/seq_relationship/output_bias", "sop_classifier.classifier.bias");
    addEmbeddings(names, "bert/embeddings", "albert.embeddings");
    addClassifier(names);
    List<Head> heads =
        List.of(
            new Head(LABEL_WEIGHTS, "AlbertForSequenceClassification"),
            new Head("cls/predictions/", "AlbertForMaskedLM"));
    return new PublishedLayout("albert", heads, "AlbertModel", names);
  }

  /** Clark et al. (2020): the model that tells replaced tokens. */
  private static PublishedLayout discriminator() {
    VariableNames names =
        new VariableNames()
            .dense("electra/embeddings_project", "electra.embeddings_project")
            .dense("discriminator_predictions/dense", "discriminator_predictions.dense")
            .dense(
                "discriminator_predictions/dense_1", "discriminator_predictions.dense_prediction");
    addEmbeddings(names, "electra/embeddings", "electra.embeddings");
    addLayers(names, "electra/encoder/layer_#", "electra.encoder.layer.#");
    List<Head> heads = List.of(new Head("discriminator_predictions/", "ElectraForPreTraining"));
    return new PublishedLayout("electra", heads, "ElectraModel", names);
  }

  /** The model that replaces them; it has the embeddings of the other. */
  private static PublishedLayout generator() {
    VariableNames names =
        new VariableNames()
            .dense("generator/embeddings_project", "electra.embeddings_project")
            .dense("generator_predictions/dense", "generator_predictions.dense")
            .norm("generator_predictions/LayerNorm", "generator_predictions.LayerNorm")
            .variable("generator_predictions/output_bias", "generator_lm_head.bias");
    addEmbeddings(names, "electra/embeddings", "electra.embeddings");
    addLayers(names, "generator/encoder/layer_#", "electra.encoder.layer.#");
    return new PublishedLayout("electra", List.of(), GENERATOR, names);
  }

  private static void addEmbeddings(VariableNames names, String scope, String module) {
    for (String table : List.of("word", "position", "token_type")) {
      names.variable(
          "%s/%s_embeddings".formatted(scope, table),
          "%s.%s_embeddings.weight".formatted(module, table));
    }
    names.norm(scope + "/LayerNorm", module + ".LayerNorm");
  }

  private static void addLayers(VariableNames names, String scope, String module) {
    names
        .dense(scope + "/attention/self/query", module + ".attention.self.query")
        .dense(scope + "/attention/self/key", module + ".attention.self.key")
        .dense(scope + "/attention/self/value", module + ".attention.self.value")
        .dense(scope + "/attention/output/dense", module + ".attention.output.dense")
        .norm(scope + "/attention/output/LayerNorm", module + ".attention.output.LayerNorm")
        .dense(scope + "/intermediate/dense", module + ".intermediate.dense")
        .dense(scope + "/output/dense", module + ".output.dense")
        .norm(scope + "/output/LayerNorm", module + ".output.LayerNorm");
  }

  private static void addClassifier(VariableNames names) {
    names.variable(LABEL_WEIGHTS, "classifier.weight").variable("output_bias", "classifier.bias");
  }
}
