"""Fewer numbers a vector, by turning the table so that the first numbers say most.

A table that learns with twice the numbers and is then turned onto the principal axes of texts keeps nearly all that it has
learnt, at half the size (figures in REPORT.md).
"""

import numpy as np
from numpy.typing import NDArray


def principal_axes(vectors: NDArray[np.float32], dimension: int) -> NDArray[np.float32]:
    """The axes, shape (width, dimension), on which vectors of shape (n, width) lose least of their inner products.

    Eigenvectors of the matrix of second moments with the largest eigenvalues (Eckart & Young, Psychometrika 1936). Nothing
    is centred, as cosines are not. Each axis points to where its largest number is positive.

    Raises ValueError where ``dimension`` is above the width.
    """
    width = vectors.shape[1]
    if dimension > width:
        raise ValueError(f"{dimension} axes of vectors with {width} numbers")
    moments = vectors.T.astype(np.float64) @ vectors.astype(np.float64)
    axes = np.linalg.eigh(moments)[1][:, ::-1][:, :dimension]
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(dimension)])
    return (axes * signs).astype(np.float32)
