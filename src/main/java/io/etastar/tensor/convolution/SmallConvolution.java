package io.etastar.tensor.convolution;

import io.etastar.tensor.Tensor;

/**
 * A convolution of stride 1 between few channels in single precision, by vectors, straight from [N, C, H, W].
 *
 * <p>A native convolution reorders channels in blocks of 8 or 16, which leaves most of a vector empty if there are 3 or 6 of
 * them. Of the two ways here, {@link PlaneConvolution} has neighbouring pixels in a vector, {@link LaneConvolution} the same
 * pixel of several images. Both add up a pixel's taps in the same order, so their values have the same bits.
 */
interface SmallConvolution {
    /**
     * out = images * weight.
     *
     * @param weight [outputs, C kH kW] flat
     */
    void forward(Tensor images, float[] weight, Tensor out);

    /** The faster way to the values of {@code images} images at a time; the adjoint of the weight is made by planes alone. */
    static SmallConvolution of(Shape shape, int images) {
        return LaneConvolution.fits(shape) && LaneConvolution.work(shape, images) < PlaneConvolution.work(shape)
                ? new LaneConvolution(shape)
                : new PlaneConvolution(shape);
    }

    /**
     * What a convolution reads and writes.
     *
     * @param inputs channels C read
     * @param outputs channels M written
     * @param height rows of an image
     * @param width columns of an image
     * @param kernelHeight rows of the kernel
     * @param kernelWidth columns of the kernel
     * @param top zeros before and after the columns' ends, fewer than the kernel's rows
     * @param left zeros before and after the rows' ends, fewer than the kernel's columns
     */
    record Shape(int inputs, int outputs, int height, int width, int kernelHeight, int kernelWidth, int top, int left) {
        Shape(int inputs, int outputs, int height, int width, int[] kernel, int[] padding) {
            this(inputs, outputs, height, width, kernel[0], kernel[1], padding[0], padding[1]);
        }

        /** Rows of the result. */
        int rows() {
            return height + 2 * top - kernelHeight + 1;
        }

        /** Columns of the result. */
        int columns() {
            return width + 2 * left - kernelWidth + 1;
        }

        /** Weights of an output. */
        int taps() {
            return inputs * kernelHeight * kernelWidth;
        }

        /** Elements of an image. */
        int imageSize() {
            return inputs * height * width;
        }

        /** Elements of an image's result. */
        int resultSize() {
            return outputs * rows() * columns();
        }
    }
}
