package org.bertology.core.prune;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.bertology.core.task.TaskData;

/**
 * Which labelled data is for what in a pruning.
 *
 * @param importance on which units are scored
 * @param decisions on which steps are evaluated
 * @param test on which the result alone is evaluated
 */
public record PruningData(TaskData importance, TaskData decisions, Optional<TaskData> test) {

  /** The roles that have data, and it. */
  public Map<DataRole, TaskData> byRole() {
    Map<DataRole, TaskData> byRole = new EnumMap<>(DataRole.class);
    byRole.put(DataRole.IMPORTANCE, importance);
    byRole.put(DataRole.DECISIONS, decisions);
    test.ifPresent(data -> byRole.put(DataRole.TEST, data));
    return byRole;
  }

  /**
   * Roles that read the same content, under whatever names; none if each has a file of its own.
   * Reads the files to digest them.
   */
  public List<List<DataRole>> shared() {
    Map<String, TreeSet<DataRole>> byDigest = new LinkedHashMap<>();
    byRole()
        .forEach(
            (role, data) ->
                byDigest.computeIfAbsent(data.sha256(), unused -> new TreeSet<>()).add(role));
    return byDigest.values().stream()
        .filter(roles -> roles.size() > 1)
        .map(List::<DataRole>copyOf)
        .toList();
  }
}
