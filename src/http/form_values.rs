//! The fields of a form as serde's data: the part of [`super::form`] that knows types.

use std::{collections::BTreeMap, fmt};

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor, value::StringDeserializer,
};

/// What is wrong, and with which field.
#[derive(Debug)]
pub(super) struct Problem {
    /// The type's own name for it, if it has one.
    pub field: Option<&'static str>,
    /// As it was written.
    pub name: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the field {} is missing or wrong", self.name)
    }
}

impl std::error::Error for Problem {}

impl de::Error for Problem {
    /// The words are for programmers; which field it is, the caller knows.
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self { field: None, name: String::new() }
    }

    fn missing_field(field: &'static str) -> Self {
        Self { field: Some(field), name: field.to_owned() }
    }
}

/// The form's type from its fields.
pub(super) fn read<T: DeserializeOwned>(fields: BTreeMap<String, Vec<String>>) -> Result<T, Problem> {
    T::deserialize(Fields { fields: fields.into_iter(), names: &[], current: None })
}

/// All fields; the value of `current` is still to be given out.
struct Fields {
    fields: std::collections::btree_map::IntoIter<String, Vec<String>>,
    names: &'static [&'static str],
    current: Option<(&'static str, Vec<String>)>,
}

impl<'de> Deserializer<'de> for Fields {
    type Error = Problem;

    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        self.names = names;
        visitor.visit_map(self)
    }

    /// A map or anything else would take fields that nobody named.
    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Problem> {
        Err(de::Error::custom("a form is a struct"))
    }

    /// A form without fields.
    fn deserialize_unit<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Problem> {
        match self.fields.next() {
            Some((name, _)) => Err(Problem { field: None, name }),
            None => visitor.visit_unit(),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Problem;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Problem> {
        let Some((name, values)) = self.fields.next() else { return Ok(None) };
        // Here and not by `deny_unknown_fields`, which a type could forget.
        let Some(known) = self.names.iter().find(|known| **known == name) else {
            return Err(Problem { field: None, name });
        };
        self.current = Some((known, values));
        seed.deserialize((*known).into_deserializer()).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Problem> {
        let (field, values) = self.current.take().ok_or_else(|| de::Error::custom("no key was asked for"))?;
        seed.deserialize(Values(values)).map_err(|_: Problem| de::Error::missing_field(field))
    }
}

/// What one field holds: one text, or several if it came several times.
struct Values(Vec<String>);

impl Values {
    /// The one value; several are refused.
    fn single(mut self) -> Result<String, Problem> {
        match (self.0.pop(), self.0.is_empty()) {
            (Some(text), true) => Ok(text),
            _ => Err(de::Error::custom("several values")),
        }
    }
}

/// Digits, perhaps after a minus: `from_str` would take a plus as well.
fn whole<T: std::str::FromStr>(text: &str) -> Result<T, Problem> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain).ok_or_else(|| de::Error::custom("no number"))
}

macro_rules! whole_numbers {
    ($($method:ident $visit:ident;)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
            visitor.$visit(whole(&self.single()?)?)
        }
    )+};
}

impl<'de> Deserializer<'de> for Values {
    type Error = Problem;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        visitor.visit_string(self.single()?)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.single()?.as_str() {
            "on" | "true" | "1" => visitor.visit_bool(true),
            "off" | "false" | "0" | "" => visitor.visit_bool(false),
            _ => Err(de::Error::custom("no boolean")),
        }
    }

    whole_numbers! {
        deserialize_i8 visit_i8; deserialize_i16 visit_i16; deserialize_i32 visit_i32; deserialize_i64 visit_i64;
        deserialize_u8 visit_u8; deserialize_u16 visit_u16; deserialize_u32 visit_u32; deserialize_u64 visit_u64;
    }

    /// Browsers send a text box that was left empty, and cannot leave it out.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        if self.0.iter().all(String::is_empty) && self.0.len() == 1 {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Problem> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        visitor.visit_seq(List(self.0.into_iter()))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        visitor.visit_enum(Name(self.single()?))
    }

    serde::forward_to_deserialize_any! {
        i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple tuple_struct map struct identifier
        ignored_any
    }
}

struct List(std::vec::IntoIter<String>);

impl<'de> SeqAccess<'de> for List {
    type Error = Problem;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Problem> {
        self.0.next().map(|text| seed.deserialize(Values(vec![text]))).transpose()
    }
}

/// The name of an enum's plain variant.
struct Name(String);

impl<'de> EnumAccess<'de> for Name {
    type Error = Problem;
    type Variant = Plain;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Plain), Problem> {
        let name: StringDeserializer<Problem> = self.0.into_deserializer();
        Ok((seed.deserialize(name)?, Plain))
    }
}

struct Plain;

impl<'de> VariantAccess<'de> for Plain {
    type Error = Problem;

    fn unit_variant(self) -> Result<(), Problem> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, _: S) -> Result<S::Value, Problem> {
        Err(de::Error::custom("a variant with content"))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Problem> {
        Err(de::Error::custom("a variant with content"))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, Problem> {
        Err(de::Error::custom("a variant with content"))
    }
}
