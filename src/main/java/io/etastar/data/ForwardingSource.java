package io.etastar.data;

/** A source that changes something of another one and asks it for the rest. */
abstract class ForwardingSource implements DataSource {
    private static final long serialVersionUID = 1L;

    /** The other one. */
    protected final DataSource source;

    ForwardingSource(DataSource source) {
        this.source = source;
    }

    @Override
    public String description() {
        return source.description();
    }

    @Override
    public int[] featureShape() {
        return source.featureShape();
    }

    @Override
    public int[] targetShape() {
        return source.targetShape();
    }

    @Override
    public int classes() {
        return source.classes();
    }

    @Override
    public int rows() {
        return source.rows();
    }

    @Override
    public Shard read(int from, int to) {
        return source.read(from, to);
    }

    @Override
    public BatchTransform transform() {
        return source.transform();
    }

    @Override
    public Standardisation inspect() {
        return source.inspect();
    }
}
