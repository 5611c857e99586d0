package org.bertology.core.prune;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.bertology.core.task.TaskData;

/** Which data is for what in a pruning, and which roles share a file. */
public final class PruningData {
  private final Map<DataRole, TaskData> byRole;
  private final Map<DataRole, String> digests = new EnumMap<>(DataRole.class);

  private PruningData(Map<DataRole, TaskData> byRole) {
    this.byRole = Collections.unmodifiableMap(byRole);
    byRole.forEach((role, data) -> digests.put(role, data.sha256()));
  }

  /** Labelled data by role; reads the files to digest them. */
  public static PruningData of(TaskData importance, TaskData decisions, Optional<TaskData> test) {
    Map<DataRole, TaskData> byRole = new EnumMap<>(DataRole.class);
    byRole.put(DataRole.IMPORTANCE, importance);
    byRole.put(DataRole.DECISIONS, decisions);
    test.ifPresent(data -> byRole.put(DataRole.TEST, data));
    return new PruningData(byRole);
  }

  /** The roles that have data, and it. */
  public Map<DataRole, TaskData> byRole() {
    return byRole;
  }

  public TaskData importance() {
    return byRole.get(DataRole.IMPORTANCE);
  }

  public TaskData decisions() {
    return byRole.get(DataRole.DECISIONS);
  }

  public Optional<TaskData> test() {
    return Optional.ofNullable(byRole.get(DataRole.TEST));
  }

  /** The SHA-256 of the file of a role. */
  public String sha256(DataRole role) {
    return Optional.ofNullable(digests.get(role))
        .orElseThrow(() -> new IllegalArgumentException("there is no data for " + role.key()));
  }

  /** Roles that read the same content, under whatever names; none if each has a file of its own. */
  public List<List<DataRole>> shared() {
    Map<String, TreeSet<DataRole>> byDigest = new LinkedHashMap<>();
    digests.forEach(
        (role, digest) -> byDigest.computeIfAbsent(digest, unused -> new TreeSet<>()).add(role));
    return byDigest.values().stream()
        .filter(roles -> roles.size() > 1)
        .map(List::<DataRole>copyOf)
        .toList();
  }
}
