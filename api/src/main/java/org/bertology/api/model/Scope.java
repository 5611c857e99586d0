package org.bertology.api.model;

import java.util.Optional;
import java.util.OptionalInt;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.model.ModelParameter.Place;

/**
 * A place in a checkpoint's hierarchy of names.
 *
 * @param layer the layer that parameters belong to, if any
 * @param roleStart how much of the prefix names the layer itself
 */
record Scope(
    ModelBuilder model, String prefix, Component component, OptionalInt layer, int roleStart) {

  Scope in(String name) {
    return new Scope(model, prefix + name + ".", component, layer, roleStart);
  }

  /** The same place in the model under other names. */
  Scope called(String otherPrefix) {
    return new Scope(model, otherPrefix, component, layer, roleStart);
  }

  Scope of(Component other) {
    return new Scope(model, prefix, other, layer, roleStart);
  }

  /** The names of a layer, which begin with this prefix. */
  Scope ofLayer(int index, Component first) {
    return new Scope(model, prefix, first, OptionalInt.of(index), prefix.length());
  }

  Value parameter(String name, Object... shape) {
    return parameter(name, Optional.empty(), shape);
  }

  private Value parameter(String name, Optional<Slices> slices, Object... shape) {
    String whole = prefix + name;
    Place place = new Place(component, layer, whole.substring(roleStart));
    return model.parameter(whole, Shape.of(shape), slices, place);
  }

  /** A parameter that is divided among units along an axis. */
  Value sliced(String name, Slices slices, Object... shape) {
    return parameter(name, Optional.of(slices), shape);
  }

  /** {@code x·Wᵀ + b} with {@code weight} {@code [width, x's width]} and {@code bias}. */
  Value linear(Value x, long width) {
    return x.linear(parameter("weight", width, x.shape().last()), parameter("bias", width));
  }

  /** The same, where the outputs belong to units. */
  Value linearTo(Units units, Value x) {
    return x.linear(
        sliced("weight", units.along(0), units.width(), x.shape().last()),
        sliced("bias", units.along(0), units.width()));
  }

  /** The same, where the inputs belong to units. */
  Value linearFrom(Units units, Value x, long width) {
    return x.linear(
        sliced("weight", units.along(1), width, units.width()), parameter("bias", width));
  }

  /**
   * {@code x·W + b}, several maps of which one lies after the other, where the outputs of each
   * belong to units: {@code weight} {@code [x's width, maps · units' width]} and {@code bias}.
   */
  Value transposedTo(Units units, int maps, Value x) {
    long width = maps * units.width();
    return x.linearTransposed(
        sliced("weight", units.along(1, maps), x.shape().last(), width),
        sliced("bias", units.along(0, maps), width));
  }

  /** {@code x·W + b} where the inputs belong to units: {@code weight} {@code [units, width]}. */
  Value transposedFrom(Units units, Value x, long width) {
    return x.linearTransposed(
        sliced("weight", units.along(0), units.width(), width), parameter("bias", width));
  }

  /** {@link #linearTo} without a bias. */
  Value projectionTo(Units units, Value x) {
    return x.linear(sliced("weight", units.along(0), units.width(), x.shape().last()));
  }

  /** {@link #linearFrom} without a bias. */
  Value projectionFrom(Units units, Value x, long width) {
    return x.linear(sliced("weight", units.along(1), width, units.width()));
  }

  /** The bias alone, of a linear map from no inputs to as many outputs as x has. */
  Value biasLike(Value x) {
    return parameter("bias", x.shape().last()).broadcast(x.shape());
  }

  /** Layer normalisation with {@code weight} as scale and {@code bias}. */
  Value layerNorm(Value x) {
    Dim width = x.shape().last();
    double epsilon = model.config().layerNormEpsilon();
    return x.layerNorm(parameter("weight", width), parameter("bias", width), epsilon);
  }

  /**
   * Division by the root of the mean square (Zhang and Sennrich, 2019) with {@code weight} as
   * scale.
   */
  Value rmsNorm(Value x) {
    double epsilon = model.config().layerNormEpsilon();
    Value root = x.square().mean(-1).add(epsilon).sqrt();
    return x.div(root).mul(parameter("weight", x.shape().last()));
  }

  /** Rows of the table {@code weight}. */
  Value embedding(Value indices, long rows, long width) {
    return parameter("weight", rows, width).gather(indices);
  }
}
