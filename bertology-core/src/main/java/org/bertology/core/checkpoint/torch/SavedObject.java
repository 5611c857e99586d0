package org.bertology.core.checkpoint.torch;

import java.util.Map;

/**
 * What {@code torch.save} has saved.
 *
 * @param object what the pickle makes, whose tensors lie in storages
 * @param data the position of every storage in the file, by key; its size is as declared
 */
record SavedObject(Object object, Map<String, Long> data) {}
