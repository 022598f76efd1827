//! The design system: props in, events out.
