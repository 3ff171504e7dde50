/**
 * Search over the keys of a job file: {@link io.etastar.tune.Domain} says which values a key may have, {@link
 * io.etastar.tune.Search} which are tried, {@link io.etastar.tune.TrialRuns} trains with them, {@link io.etastar.tune.Tuning} goes
 * from trial to trial and keeps what was found.
 */
@NullMarked
package io.etastar.tune;

import org.jspecify.annotations.NullMarked;
