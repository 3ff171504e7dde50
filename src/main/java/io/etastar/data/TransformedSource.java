package io.etastar.data;

/** Rows of another source, stored as they are, transformed in each pass. */
public final class TransformedSource extends ForwardingSource {
    private static final long serialVersionUID = 1L;

    private final BatchTransform transform;

    /**
     * @param source of the rows
     * @param transform what is done to them, in place of what the source says; null for nothing
     * @throws io.etastar.UserError if the transform does not take such rows
     */
    public TransformedSource(DataSource source, BatchTransform transform) {
        super(source);
        this.transform = transform;
        modelRows();
    }

    @Override
    public BatchTransform transform() {
        return transform;
    }
}
