//! Lengths as types: points, ems and millimetres never mix by accident.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

/// A length in PostScript points, 1/72 inch.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd)]
pub struct Pt(pub f64);

/// A length in ems: multiples of the type size it is resolved against by [`Em::at`].
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd)]
pub struct Em(pub f64);

impl Pt {
    /// No length.
    pub const ZERO: Self = Self(0.0);

    /// A length given in millimetres.
    pub fn mm(value: f64) -> Self {
        Self(value * 72.0 / 25.4)
    }

    /// The length in millimetres.
    pub fn to_mm(self) -> f64 {
        self.0 * 25.4 / 72.0
    }

    /// The longer of two lengths.
    pub fn max(self, other: Self) -> Self {
        Self(self.0.max(other.0))
    }

    /// The shorter of two lengths.
    pub fn min(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }

    /// The length without its sign.
    pub fn abs(self) -> Self {
        Self(self.0.abs())
    }
}

impl Em {
    /// No length.
    pub const ZERO: Self = Self(0.0);

    /// The length at a type size.
    pub fn at(self, size: Pt) -> Pt {
        Pt(self.0 * size.0)
    }
}

macro_rules! arithmetic {
    ($($unit:ident),+) => {$(
        impl Add for $unit { type Output = Self; fn add(self, o: Self) -> Self { Self(self.0 + o.0) } }
        impl Sub for $unit { type Output = Self; fn sub(self, o: Self) -> Self { Self(self.0 - o.0) } }
        impl Neg for $unit { type Output = Self; fn neg(self) -> Self { Self(-self.0) } }
        impl Mul<f64> for $unit { type Output = Self; fn mul(self, k: f64) -> Self { Self(self.0 * k) } }
        impl Div<f64> for $unit { type Output = Self; fn div(self, k: f64) -> Self { Self(self.0 / k) } }
        impl Div for $unit { type Output = f64; fn div(self, o: Self) -> f64 { self.0 / o.0 } }
        impl AddAssign for $unit { fn add_assign(&mut self, o: Self) { self.0 += o.0; } }
        impl SubAssign for $unit { fn sub_assign(&mut self, o: Self) { self.0 -= o.0; } }
        impl Sum for $unit { fn sum<I: Iterator<Item = Self>>(i: I) -> Self { Self(i.map(|v| v.0).sum()) } }
    )+};
}
arithmetic!(Pt, Em);
