"""How fine themes are: stretches of talk merged by Ward's method, cut at the height that real subjects keep. Pure.

Ward's height at which two groups of stretches merge does not grow with their size as long as they differ by chance
only, but does where they truly differ in meaning; so one height fits events of every size, and the number of themes
follows from the talk. The same tree cut lower gives what a theme could be split into, cut higher what belongs together.
"""

from typing import Any

import numpy as np

from mining.clustering.communities import Labels, Matrix, nearest, unit

HEIGHT = 1.45
"""Where themes are cut apart. Measured on real speech: 1.4 to 1.5 score alike for 8 to 170 stretches."""
MANY = 200
"""Stretches above which the height grows, with the fourth root of their number: ever finer differences are real then,
but nobody wants to read hundreds of themes."""
WHOLE_TREE = 1500
"""Stretches up to which all pairs are compared; above, each is compared with those nearest to it, in linear memory."""
NEIGHBOURS = 30
RELATED = 0.7
"""Mean cosine distance, from the centre of all talk, below which themes belong together. Read off real speech: at 0.85
half of an event is one coarse theme, at 0.6 most themes stand alone."""
LEAST_THEMES = 6
"""Themes below which a coarser level says nothing that one does not see."""


def stretch_features(meaning: Matrix, words: Matrix | None, lexical: float) -> Matrix:
    """(m, d) sums of centred meaning and (m, w) latent words of m stretches -> rows of length 1."""
    dense = unit(meaning)
    return dense if words is None else unit(np.hstack([dense, lexical * words]))


def theme_height(stretches: int, height: float = HEIGHT) -> float:
    return height * float(max(1.0, (stretches / MANY) ** 0.25))


def merged(features: Matrix, height: float) -> Labels:
    """Numbers from 0 of the groups of `features` (m, d) that merge below `height` (Ward 1963)."""
    m = len(features)
    if m < 2:
        return np.zeros(m, np.int64)
    if m <= WHOLE_TREE:
        from scipy.cluster.hierarchy import fcluster, linkage

        found = fcluster(linkage(features, "ward"), height, "distance")
    else:
        found = _sparse_ward(features, height)
    return np.unique(found, return_inverse=True)[1].astype(np.int64)


def groups_of_themes(features: Matrix, height: float = RELATED) -> dict[int, int]:
    """{theme: coarser theme} of the themes (k, d) that belong with another one; numbers from 0. Average linkage."""
    if len(features) < LEAST_THEMES:
        return {}
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    # Not scipy's own cosine: a theme in the very middle of all talk has no direction, and is far from every other.
    apart = np.clip(1 - features @ features.T, 0, 2)
    np.fill_diagonal(apart, 0)
    found = fcluster(linkage(squareform(apart, checks=False), "average"), height, "distance")
    sizes = np.bincount(found)
    kept = {group: number for number, group in enumerate(dict.fromkeys(g for g in found.tolist() if sizes[g] > 1))}
    return {theme: kept[group] for theme, group in enumerate(found.tolist()) if group in kept}


def _sparse_ward(features: Matrix, height: float) -> Any:
    import scipy.sparse as sp
    from sklearn.cluster import AgglomerativeClustering

    m = len(features)
    columns, _ = nearest(features, NEIGHBOURS)
    near = sp.csr_matrix((np.ones(columns.size), (np.repeat(np.arange(m), NEIGHBOURS), columns.ravel())), shape=(m, m))
    # Parts of the graph that nothing joins would make sklearn warn and compare everything: a chain joins them.
    near = near + near.T + sp.eye(m, k=1) + sp.eye(m, k=-1)
    ward = AgglomerativeClustering(n_clusters=None, distance_threshold=height, linkage="ward", connectivity=near)
    return ward.fit_predict(features)
