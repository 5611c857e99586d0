package org.bertology.core.result;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import org.bertology.core.importance.LayerScores;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void rowsAndListItemsAreOnOneLineEach() {
    JsonObject item = new JsonObject();
    item.addProperty("rank", 1);
    item.addProperty("name", "a \"quoted\" name");
    JsonArray items = new JsonArray();
    items.add(item);
    JsonObject document = new JsonObject();
    document.add("scores", Json.matrix(LayerScores.of(new double[][] {{1, 0.5}, {}, {-2}})));
    document.add("items", items);
    document.add("nothing", new JsonObject());

    String text = Json.document(document);

    assertThat(text)
        .isEqualTo(
            """
            {
              "scores": [
                [1.0, 0.5],
                [],
                [-2.0]
              ],
              "items": [
                {"rank": 1, "name": "a \\"quoted\\" name"}
              ],
              "nothing": {}
            }
            """);
    assertThat(JsonParser.parseString(text)).isEqualTo(document);
  }

  @Test
  void whatIsNotANumberIsNull() {
    JsonObject document = new JsonObject();
    document.add("nan", Json.number(Double.NaN));
    document.add("infinity", Json.number(Float.NEGATIVE_INFINITY));
    document.add("texts", Json.texts(List.of("a", "b")));

    assertThat(Json.line(document))
        .isEqualTo("{\"nan\": null, \"infinity\": null, \"texts\": [\"a\", \"b\"]}");
  }
}
