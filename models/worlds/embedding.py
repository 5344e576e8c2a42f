"""Embeddings of given cosines: what a world's kernel.py says of scenes and texts, put into the towers' width."""
import numpy as np


def centred(n):
    """[n, n], row i for value i: a one-hot vector moved to mean 0, of unit length; others lie at −1/(n−1)."""
    return (np.eye(n) - 1 / n) * np.sqrt(n / (n - 1))


def directions(count, width):
    """Orthonormal rows [count, width] from a fixed seed: where embeddings of that width put φ and the rest."""
    square = np.random.default_rng(31).standard_normal((width, width))
    return np.linalg.qr(square)[0][:count].astype(np.float32)


def of_length(phi, length):
    """φ at that length, or 0 where it is 0."""
    now = np.linalg.norm(phi)
    return phi if now == 0 else phi * np.float32(length / now)


def embedding_of(phi, width):
    """φ [.., n] of length at most 1 -> [.., width] of unit length, with the same inner products.

    What φ lacks in length (a text that is not fluent, or names nothing) goes into a direction that no
    scene has a part in.
    """
    rest = np.sqrt(np.maximum(0, 1 - np.square(phi).sum(-1, keepdims=True)))
    return np.concatenate([phi, rest], -1) @ directions(phi.shape[-1] + 1, width)
