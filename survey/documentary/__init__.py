"""What documents prove of a standard: the workbook that branches fill in, read and judged."""

from survey.documentary.judging import judge
from survey.documentary.periods import last_year
from survey.documentary.reading import read
from survey.documentary.sheets import write
