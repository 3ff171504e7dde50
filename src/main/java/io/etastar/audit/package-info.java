/**
 * The audit of a job's learning rate: which tensors step too far or too short along the optimizer's own step, and a rate that was measured
 * to do better. {@link io.etastar.audit.RateAudit} looks, tries and judges; {@link io.etastar.audit.AuditReport} is what it found.
 */
@NullMarked
package io.etastar.audit;

import org.jspecify.annotations.NullMarked;
