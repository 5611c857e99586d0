/** What every backend has to pass; published as the test-jar of {@code bertology-api}. */
@NullMarked
package org.bertology.api.contract;

import org.jspecify.annotations.NullMarked;
