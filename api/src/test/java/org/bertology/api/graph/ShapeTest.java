package org.bertology.api.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ShapeTest {
  private static final Shape SHAPE = Shape.of("batch", 12, Dim.of("sequence"), 64L);

  @Test
  void aShapeIsWrittenInNamesAndNumbers() {
    assertThat(SHAPE).hasToString("[batch, 12, sequence, 64]");
    assertThat(Shape.SCALAR).hasToString("[]");
    assertThat(SHAPE.rank()).isEqualTo(4);
    assertThat(Shape.SCALAR.rank()).isZero();
  }

  @Test
  void otherThingsAreNoDimensions() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Shape.of("batch", 'x'))
        .withMessage("a dimension is a Dim, a whole number or a symbol's name, got x");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Shape.of(2.5))
        .withMessage("a dimension is a Dim, a whole number or a symbol's name, got 2.5");
  }

  @Test
  void negativeAxesCountFromTheEnd() {
    assertThat(SHAPE.axis(-1)).isEqualTo(3);
    assertThat(SHAPE.axis(-4)).isZero();
    assertThat(SHAPE.dim(-2)).isEqualTo(Dim.of("sequence"));
    assertThat(SHAPE.dim(1)).isEqualTo(Dim.of(12));
    assertThat(SHAPE.last()).isEqualTo(Dim.of(64));
  }

  @Test
  void anAxisThatDoesNotExistIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SHAPE.axis(4))
        .withMessage("shape [batch, 12, sequence, 64] has no axis 4; axes are -4 to 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SHAPE.dim(-5))
        .withMessage("shape [batch, 12, sequence, 64] has no axis -5; axes are -4 to 3");
    assertThatIllegalArgumentException()
        .isThrownBy(Shape.SCALAR::last)
        .withMessage("shape [] has no axes, so no axis -1");
  }

  @Test
  void shapesAreCutAndJoined() {
    assertThat(SHAPE.with(-1, Dim.ONE)).isEqualTo(Shape.of("batch", 12, "sequence", 1));
    assertThat(SHAPE.slice(1, 3)).isEqualTo(Shape.of(12, "sequence"));
    assertThat(SHAPE.slice(2, 2)).isEqualTo(Shape.SCALAR);
    assertThat(Shape.of("batch").append(3, "sequence")).isEqualTo(Shape.of("batch", 3, "sequence"));
    assertThat(Shape.SCALAR.concat(SHAPE)).isEqualTo(SHAPE);
  }

  @Test
  void theSizeIsTheProductOfAllExtents() {
    assertThat(SHAPE.size()).hasToString("768*batch*sequence");
    assertThat(Shape.SCALAR.size()).isEqualTo(Dim.ONE);
  }

  @Test
  void bindingGivesNumbers() {
    assertThat(SHAPE.bind(Map.of("batch", 2L, "sequence", 9L))).containsExactly(2, 12, 9, 64);
  }

  @Test
  void onlyTheLiteralOneBroadcasts() {
    assertThat(Shape.broadcast(Shape.of("batch", 1, 4), Shape.of("sequence", 1)))
        .isEqualTo(Shape.of("batch", "sequence", 4));
    assertThat(Shape.broadcast(Shape.SCALAR, SHAPE)).isEqualTo(SHAPE);
    assertThat(Shape.broadcast(SHAPE, Shape.of(64))).isEqualTo(SHAPE);
  }

  @Test
  void shapesThatDoNotBroadcastAreNamedWithTheAxis() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Shape.broadcast(Shape.of("batch", 3), Shape.of("batch", "sequence", 8)))
        .withMessage(
            "shapes [batch, 3] and [batch, sequence, 8] do not broadcast: batch vs sequence on axis"
                + " -2; reshape or transpose one");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Shape.broadcast(Shape.of("batch", 3), Shape.of("batch", 8)))
        .withMessage(
            "shapes [batch, 3] and [batch, 8] do not broadcast: 3 vs 8 on axis -1; reshape or"
                + " transpose one");
  }

  @Test
  void aShapeKeepsItsOwnCopyOfTheDimensions() {
    List<Dim> dims = new java.util.ArrayList<>(List.of(Dim.of(2), Dim.of(3)));
    Shape shape = new Shape(dims);

    dims.clear();

    assertThat(shape).isEqualTo(Shape.of(2, 3));
  }
}
