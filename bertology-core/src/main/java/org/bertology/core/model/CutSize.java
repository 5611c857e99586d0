package org.bertology.core.model;

import org.bertology.api.model.Mask;
import org.bertology.api.model.Task;
import org.bertology.api.model.TransformerConfig;

/**
 * What would be left of a model if all that is masked were cut out.
 *
 * @param heads that are masked
 * @param neurons that are masked
 * @param layers that are masked
 * @param parameters that are left
 * @param fewerParameters those that go
 * @param flops of matrix products that are left in the forward pass that runs, of the batch that
 *     the model's {@link ModelInfo#flops} count
 * @param fewerFlops those that go
 */
public record CutSize(
    int heads,
    int neurons,
    int layers,
    long parameters,
    long fewerParameters,
    long flops,
    long fewerFlops) {

  /** The cut of what is at 0 in a mask. */
  public static CutSize of(Model model, ModelInfo info, ModelMask mask) {
    TransformerConfig whole = model.config();
    TransformerConfig cut = mask.cut();
    long parameters = parameters(whole, info.task()) - parameters(cut, info.task());
    long flops = flops(whole, info) - flops(cut, info);
    return new CutSize(
        mask.maskedCount(Mask.HEADS),
        mask.maskedCount(Mask.NEURONS),
        mask.maskedCount(Mask.LAYERS),
        info.parameters().total() - parameters,
        parameters,
        info.flops().narrowed() - flops,
        flops);
  }

  private static long parameters(TransformerConfig config, Task task) {
    return ParameterCounts.of(config, task).total();
  }

  private static long flops(TransformerConfig config, ModelInfo info) {
    int batch = (int) info.flops().batch();
    int length = (int) info.flops().length();
    return ModelFlops.of(config, info.task(), batch, length).narrowed();
  }
}
