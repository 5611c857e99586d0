package org.bertology.core.experiment;

import java.util.Optional;
import org.bertology.core.task.TaskData;

/**
 * The labelled examples of a {@link MichelStudy}.
 *
 * @param evaluation on which heads are ablated and curves are drawn
 * @param importance on which heads are scored; may be the same
 * @param other on which heads are ablated too, to see whether the same ones matter
 */
public record MichelData(TaskData evaluation, TaskData importance, Optional<TaskData> other) {}
