package org.bertology.core.metric;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Classes that say where named entities begin and end: {@code O} outside, {@code B-PER} at the
 * first word of a person and {@code I-PER} at the others, or any of the schemes IOB1, IOB2, IOE1,
 * IOE2, IOBES and BILOU. Entities are found as the evaluation script of CoNLL-2000 finds them, by
 * the same rules for all schemes: B and S always begin one, E and S always end one, and so does a
 * change of type.
 */
final class EntityTags {
  private static final String OUTSIDE = "O";
  private static final Pattern TAG = Pattern.compile("([BIESLU])(?:-(.+))?");

  /** A class's place in an entity, and the entity's type; an entity with no type has type "". */
  private record Tag(char place, int type) {
    boolean begins() {
      return place == 'B' || place == 'S';
    }

    boolean ends() {
      return place == 'E' || place == 'S';
    }
  }

  /** From one word of a sentence to before another, and the index of a type. */
  record Entity(int start, int end, int type) {}

  private final List<Optional<Tag>> tags;

  private EntityTags(List<Optional<Tag>> tags) {
    this.tags = List.copyOf(tags);
  }

  /** The meaning of classes by their names; empty if these are no tags of entities. */
  static Optional<EntityTags> of(List<String> names) {
    List<Optional<Tag>> tags = new ArrayList<>();
    Map<String, Integer> types = new LinkedHashMap<>();
    for (String name : names) {
      Matcher matcher = TAG.matcher(name);
      if (matcher.matches()) {
        String type = matcher.group(2) == null ? "" : matcher.group(2);
        int index = types.computeIfAbsent(type, unused -> types.size());
        tags.add(Optional.of(new Tag(place(matcher.group(1).charAt(0)), index)));
      } else if (name.equals(OUTSIDE)) {
        tags.add(Optional.empty());
      } else {
        return Optional.empty();
      }
    }
    boolean both = names.contains(OUTSIDE) && !types.isEmpty();
    return both ? Optional.of(new EntityTags(tags)) : Optional.empty();
  }

  /** BILOU calls the last word L and a single one (unit) U. */
  private static char place(char letter) {
    return switch (letter) {
      case 'L' -> 'E';
      case 'U' -> 'S';
      default -> letter;
    };
  }

  /** The entities of a sentence, whose words' classes are those from one position to another. */
  List<Entity> entities(int[] classes, int from, int to) {
    List<Entity> entities = new ArrayList<>();
    int start = from;
    Optional<Tag> open = Optional.empty();
    for (int i = from; i <= to; i++) {
      Optional<Tag> tag = i < to ? tags.get(classes[i]) : Optional.empty();
      boolean goesOn = open.isPresent() && tag.isPresent() && continues(open.get(), tag.get());
      if (open.isPresent() && !goesOn) {
        entities.add(new Entity(start, i, open.get().type()));
      }
      start = goesOn ? start : i;
      open = tag;
    }
    return entities;
  }

  private static boolean continues(Tag before, Tag tag) {
    return !before.ends() && !tag.begins() && before.type() == tag.type();
  }
}
