package io.etastar.jobs;

/** Trains one job after the other, each into its file's name and {@code .run}. */
final class WithoutVectorApiMain {
    private WithoutVectorApiMain() {}

    /** Job files. */
    public static void main(String... confs) {
        for (String conf : confs) {
            int status = Train.run(new String[] {conf, "--output", conf + ".run"}, System.out, System.err);
            if (status != 0) {
                System.exit(status);
            }
        }
    }
}
