"""A sparse table of opportunities × skills, summed over what one person has of each skill."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse

from echo_core.matching.arrays import FloatArray, IntArray, SparseMatrix, spans
from echo_core.matching.block import LEVELS, OpportunityBlock
from echo_core.matching.forms import OVER_SKILLS, REQUIREMENTS


class Table:
    """Sums over the requirements of opportunities, one per opportunity: the product of a sparse matrix and a person.

    For all opportunities it goes through the columns that the person has anything of, which are few; for some it goes
    through their rows. Either way an opportunity's terms are added one by one in the order of the columns, and what is
    left out is zero: both sums are the same to the last digit.

    Args:
        matrix: in compressed rows, with sorted columns.
    """

    def __init__(self, matrix: SparseMatrix) -> None:
        self._by_row = matrix
        self._by_column: SparseMatrix = sparse.csc_array(matrix)

    def sums(self, worth: FloatArray, rows: IntArray | None = None) -> FloatArray:
        """For all opportunities or some, the sum of their entries, each times what its column is worth."""
        if rows is None:
            columns = np.flatnonzero(worth)
            position, entry = spans(self._by_column.indptr, columns)
            terms = self._by_column.data[entry] * worth[columns][position]
            sums = np.bincount(self._by_column.indices[entry], terms, minlength=self._by_row.shape[0])
        else:
            position, entry = spans(self._by_row.indptr, rows)
            terms = self._by_row.data[entry] * worth[self._by_row.indices[entry]]
            sums = np.bincount(position, terms, minlength=len(rows))
        return sums.astype(np.float64, copy=False)  # of no terms at all bincount makes whole numbers

    def sums_of_people(self, row: int, worth: Callable[[IntArray], FloatArray]) -> FloatArray:
        """By person, the sum of one opportunity's entries, its terms added in the same order.

        Args:
            worth: people × some columns, what each column is worth to them.
        """
        span = slice(int(self._by_row.indptr[row]), int(self._by_row.indptr[row + 1]))
        terms = worth(self._by_row.indices[span].astype(np.int64)) * self._by_row.data[span]
        people, columns = terms.shape
        sums = np.bincount(np.repeat(np.arange(people), columns), terms.ravel(), minlength=people)
        return sums.astype(np.float64, copy=False)


class RequirementTables:
    """The tables of a block that scores are sums over, by name; see `OpportunityBlock` for each."""

    def __init__(self, block: OpportunityBlock) -> None:
        self._tables = {name: Table(getattr(block, name)) for name in REQUIREMENTS}
        self._skills = block.asked.shape[1]
        required = block.asked
        self.asks = Table(
            sparse.csr_array((np.ones(required.nnz), required.indices, required.indptr), shape=required.shape)
        )
        """1 where a skill is asked for."""

    def sums(self, name: str, worth: FloatArray, rows: IntArray | None = None) -> FloatArray:
        """For all opportunities or some, the sum of one table's entries, each times what its column is worth.

        Args:
            worth: over skills, or over (skill, level).
        """
        if len(worth) == self._skills and name not in OVER_SKILLS:
            worth = np.repeat(worth, LEVELS)
        return self._tables[name].sums(worth, rows)

    def sums_of_people(self, name: str, row: int, worth: Callable[[IntArray], FloatArray]) -> FloatArray:
        """By person, the sum of one table's entries for one opportunity, each times what its column is worth to them.

        Args:
            worth: people × some columns over (skill, level); a table over skills asks at the first level of each.
        """
        over_skills = name in OVER_SKILLS
        return self._tables[name].sums_of_people(row, lambda at: worth(at * LEVELS if over_skills else at))
