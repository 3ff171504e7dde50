package io.etastar.settings;

import io.etastar.settings.schema.Key;
import java.io.Serializable;

/** Settings of the schedule-free-adamw optimizer. */
public record ScheduleFreeSettings(
        @Key(value = "0", min = 0, doc = "schedule-free-adamw: steps over which the learning rate rises from 0 to lr")
        int warmupSteps,

        @Key(
                value = "0.0",
                min = 0,
                doc = "schedule-free-adamw: power of the step's number in its weight in the average")
        double power,

        @Key(
                value = "2.0",
                min = 0,
                doc = "schedule-free-adamw: power of the highest learning rate so far in the step's weight in the"
                        + " average")
        double lrPower)
        implements Serializable {}
