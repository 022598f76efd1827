//! Which text can be read on a colour (WCAG 2.2, 1.4.3).

/// An sRGB colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Color {
    red: u8,
    green: u8,
    blue: u8,
}

/// What is written on a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    Black,
    White,
}

impl Ink {
    /// As styles write it.
    #[must_use]
    pub fn hex(self) -> &'static str {
        match self {
            Self::Black => "#000",
            Self::White => "#fff",
        }
    }
}

impl Color {
    /// Reads `#rrggbb`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        Some(Self { red: part(0)?, green: part(2)?, blue: part(4)? })
    }

    /// The contrast of text in `ink` on this, from 1 (none) to 21.
    #[must_use]
    pub fn contrast(self, ink: Ink) -> f64 {
        let luminance = self.luminance();
        match ink {
            Ink::Black => (luminance + 0.05) / 0.05,
            Ink::White => 1.05 / (luminance + 0.05),
        }
    }

    /// Black or white, whichever reads better: one of them has 4.5 on any colour.
    #[must_use]
    pub fn ink(self) -> Ink {
        if self.contrast(Ink::Black) > self.contrast(Ink::White) { Ink::Black } else { Ink::White }
    }

    fn luminance(self) -> f64 {
        let light = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * light(self.red) + 0.7152 * light(self.green) + 0.0722 * light(self.blue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn color(text: &str) -> Color {
        Color::parse(text).unwrap()
    }

    #[test]
    fn the_ink_suits_the_colour() {
        for (on, ink, contrast) in
            [("#0b6b5d", Ink::White, 6.4), ("#ffeb3b", Ink::Black, 17.1), ("#000000", Ink::White, 21.0), ("#767676", Ink::Black, 4.6)]
        {
            let best = color(on).ink();
            assert_eq!(best, ink, "{on}");
            assert!((color(on).contrast(best) - contrast).abs() < 0.1, "{on}: {}", color(on).contrast(best));
        }
    }

    #[test]
    fn only_six_digits_are_a_colour() {
        for bad in ["", "#abc", "0b6b5d", "#12345g", "#1234567", "#ééé"] {
            assert_eq!(Color::parse(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn text_can_be_read_on_any_colour(red: u8, green: u8, blue: u8) {
            let color = Color { red, green, blue };
            prop_assert!(color.contrast(color.ink()) >= 4.5);
        }
    }
}
