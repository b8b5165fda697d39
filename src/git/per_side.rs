//! A value for each old side of a change.

/// A value for each old side, in their order. Equal neighbours are held once: a merge may have thousands of sides, and
/// nearly all of them agree on nearly all paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PerSide<T> {
    /// Values, each with the side behind the last one that has it.
    runs: Vec<(u32, T)>,
}

impl<T> PerSide<T> {
    /// The number of sides.
    #[must_use]
    pub fn len(&self) -> usize {
        self.runs.last().map_or(0, |(end, _)| *end as usize)
    }

    /// Whether there are no old sides.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The values, each at least once, in the order of the sides.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.runs.iter().map(|(_, value)| value)
    }
}

impl<T: Copy> PerSide<T> {
    /// The value of a side; `None` if there is no such side.
    #[must_use]
    pub fn get(&self, side: usize) -> Option<T> {
        let run = self.runs.partition_point(|(end, _)| *end as usize <= side);
        self.runs.get(run).map(|(_, value)| *value)
    }

    /// The value of each side.
    pub fn iter(&self) -> impl Iterator<Item = T> + '_ {
        let starts = std::iter::once(0).chain(self.runs.iter().map(|(end, _)| *end));
        starts.zip(&self.runs).flat_map(|(start, (end, value))| std::iter::repeat_n(*value, (*end - start) as usize))
    }
}

impl<T: PartialEq> FromIterator<T> for PerSide<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut runs: Vec<(u32, T)> = Vec::new();
        for (side, value) in (1..).zip(values) {
            match runs.last_mut() {
                Some((end, last)) if *last == value => *end = side,
                _ => runs.push((side, value)),
            }
        }
        runs.shrink_to_fit();
        Self { runs }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_as_given() {
        for values in [&[][..], &[1], &[1, 1], &[1, 2, 2, 2, 1], &[3, 2, 1]] {
            let sides: PerSide<i32> = values.iter().copied().collect();
            assert_eq!(sides.iter().collect::<Vec<_>>(), values);
            assert_eq!((sides.len(), sides.is_empty()), (values.len(), values.is_empty()));
            let got: Vec<_> = (0..=values.len()).map(|side| sides.get(side)).collect();
            let expected: Vec<_> = values.iter().copied().map(Some).chain([None]).collect();
            assert_eq!(got, expected);
        }
        let same: PerSide<i32> = std::iter::repeat_n(7, 2_000).collect();
        assert_eq!(same.values().collect::<Vec<_>>(), [&7]);
    }
}
