//! Tables inside of JSON: lists of lists, whose columns a list beside them names, or their first row.
//!
//! `{"columns": ["navn"], "data": [["Kari"]]}` as pandas writes it, with the names as objects as Metabase,
//! Elasticsearch, `BigQuery` and many others do, and by columns instead of rows as Grafana does. The names may
//! follow the rows, if the rows are still held then.

use super::super::cells::Cells;
use super::csv_dialect::has_header;

/// Keys of lists that name columns, without `_`, in lower case.
const NAMES: &[&str] = &[
    "columns",
    "columnnames",
    "cols",
    "header",
    "headers",
    "fields",
    "fieldnames",
    "rowtype",
    "meta",
    "schema",
];
/// Keys of the name of a column that is described by an object.
const LABELS: &[&str] = &[
    "name",
    "displayname",
    "text",
    "title",
    "label",
    "field",
    "columnname",
    "header",
];
/// Keys of lists of rows.
const ROWS: &[&str] = &[
    "rows", "data", "datarows", "values", "value", "records", "results", "result", "items", "body",
    "table", "tuples", "content",
];
/// Columns that are told apart.
const MAX_COLUMNS: usize = 1024;
/// A name of a column is no longer than this, in bytes.
const MAX_NAME_BYTES: usize = 100;

/// What a container is in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// None that is known.
    Other,
    /// The names of the columns.
    Names,
    /// A list of rows.
    Rows,
    /// A row: a value for each column.
    Row,
    /// Something else whose items are those of the columns in turn: whole columns, or described values.
    Columns,
}

/// What a list is: by the role of the list it lies in, or by the path that ends in its key.
pub(super) fn role_of_list(within: Option<Role>, path: &str, columns: &Columns) -> Role {
    if let Some(role) = within {
        return if role == Role::Rows {
            Role::Row
        } else {
            Role::Other
        };
    }
    let key = plain(path.rsplit('.').next().unwrap_or_default());
    let key = key.as_str();
    if NAMES.contains(&key) {
        Role::Names
    } else if !columns.names.is_empty() && (key == "f" || path.ends_with("data.values")) {
        Role::Columns
    } else if path.is_empty() || ROWS.contains(&key) {
        Role::Rows
    } else {
        Role::Other
    }
}

/// Whether the key of an object is that of a column's name.
pub(super) fn is_label(key: &str) -> bool {
    LABELS.contains(&plain(key).as_str())
}

fn plain(key: &str) -> String {
    key.chars()
        .filter(|c| *c != '_')
        .flat_map(char::to_lowercase)
        .collect()
}

/// The names of the columns of the table at hand.
#[derive(Debug, Default)]
pub(super) struct Columns {
    names: Vec<String>,
    /// Those of the list, or of the first row, that is being read.
    gathered: Vec<String>,
    /// How many containers are open around the list of names.
    depth: usize,
    /// Path of a table whose columns have no names yet, and how many containers are open around it.
    unnamed: Option<(String, usize)>,
}

impl Columns {
    /// A list of names begins, or the first row of a table.
    pub(super) fn begin(&mut self) {
        self.gathered.clear();
    }

    /// A name of the list that is being read, or a value of the first row.
    pub(super) fn gather(&mut self, column: usize, name: &str) {
        if column < MAX_COLUMNS && name.len() <= MAX_NAME_BYTES {
            self.gathered
                .resize((column + 1).max(self.gathered.len()), String::new());
            if let Some(own) = self.gathered.get_mut(column).filter(|own| own.is_empty()) {
                name.clone_into(own);
            }
        }
    }

    /// The list of names ends, inside of `depth` containers. Cells that were told before it get their names.
    pub(super) fn end(&mut self, depth: usize, cells: &mut Cells) {
        if self.gathered.is_empty() {
            return;
        }
        self.names = std::mem::take(&mut self.gathered);
        self.depth = depth;
        let Some((path, _)) = self.unnamed.take() else {
            return;
        };
        for (column, name) in self.names.iter().enumerate() {
            let before = item_path(&path, &column.to_string());
            cells.rename(&before, &item_path(&path, name));
        }
    }

    /// The first row of a table without names ends: it may hold them.
    pub(super) fn end_first_row(&mut self, depth: usize) {
        let row: Vec<&str> = self.gathered.iter().map(String::as_str).collect();
        if row.len() > 1 && row.iter().all(|name| !name.is_empty()) && has_header(&[row]) {
            self.names = std::mem::take(&mut self.gathered);
            self.depth = depth;
            self.unnamed = None;
        }
    }

    /// A row of the table at `path` begins inside of `depth` containers. Returns whether its columns have
    /// names.
    pub(super) fn begin_row(&mut self, path: &str, depth: usize) -> bool {
        let named = !self.names.is_empty();
        if !named && self.unnamed.as_ref().is_none_or(|(own, _)| own != path) {
            self.unnamed = Some((path.to_owned(), depth));
        }
        named
    }

    /// A container was closed, and `depth` are open: names are those of what lies beside them.
    pub(super) fn close(&mut self, depth: usize) {
        if depth + 1 < self.depth {
            self.names.clear();
            self.depth = 0;
        }
        self.unnamed.take_if(|(_, own)| depth + 1 < *own);
    }

    /// Puts the name of the column, or its number, at the end of a path.
    pub(super) fn push_name(&self, column: usize, path: &mut String) {
        if column >= MAX_COLUMNS {
            return;
        }
        *path = match self.names.get(column) {
            Some(name) => item_path(path, name),
            None => item_path(path, &column.to_string()),
        };
    }
}

fn item_path(path: &str, name: &str) -> String {
    match (path, name) {
        ("", name) => name.to_owned(),
        (path, "") => path.to_owned(),
        (path, name) => format!("{path}.{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::recorder::read_one;

    /// What writes the table, the name that its first column gets, and the table.
    const EXPORTS: [(&str, &str, &str); 11] = [
        (
            "pandas",
            "data.navn",
            r#"{"columns":["navn","født"],"index":[0,1],"data":[["Kari","1981-03-22"],["Per","1975-12-02"]]}"#,
        ),
        (
            "Elasticsearch",
            "rows.navn",
            r#"{"columns":[{"name":"navn","type":"text"},{"name":"født","type":"date"}],"rows":[["Kari","1981-03-22"],["Per","1975-12-02"]]}"#,
        ),
        (
            "Metabase",
            "data.rows.navn",
            r#"{"data":{"rows":[["Kari","1981-03-22"],["Per","1975-12-02"]],"cols":[{"base_type":"x","name":"navn"},{"display_name":"født"}]}}"#,
        ),
        (
            "InfluxDB",
            "results.series.values.navn",
            r#"{"results":[{"series":[{"name":"p","columns":["navn","født"],"values":[["Kari","1981-03-22"],["Per","1975-12-02"]]}]}]}"#,
        ),
        (
            "BigQuery",
            "rows.f.navn.v",
            r#"{"schema":{"fields":[{"name":"navn"},{"name":"født"}]},"rows":[{"f":[{"v":"Kari"},{"v":"1981-03-22"}]},{"f":[{"v":"Per"},{"v":"1975-12-02"}]}]}"#,
        ),
        (
            "Grafana",
            "frames.data.values.navn",
            r#"{"frames":[{"schema":{"fields":[{"name":"navn"},{"name":"født"}]},"data":{"values":[["Kari","Per"],["1981-03-22","1975-12-02"]]}}]}"#,
        ),
        (
            "Snowflake",
            "data.navn",
            r#"{"resultSetMetaData":{"rowType":[{"name":"navn"},{"name":"født"}]},"data":[["Kari","1981-03-22"],["Per","1975-12-02"]]}"#,
        ),
        (
            "Sheets",
            "values.navn",
            r#"{"range":"A1","values":[["navn","født"],["Kari","1981-03-22"],["Per","1975-12-02"]]}"#,
        ),
        (
            "a list",
            "navn",
            r#"[["navn","født"],["Kari","1981-03-22"],["Per","1975-12-02"]]"#,
        ),
        (
            "pandas by columns",
            "navn",
            r#"{"navn":{"0":"Kari","1":"Per"},"født":{"0":"1981-03-22","1":"1975-12-02"}}"#,
        ),
        (
            "pandas by rows",
            "navn",
            r#"{"0":{"navn":"Kari","født":"1981-03-22"},"1":{"navn":"Per","født":"1975-12-02"}}"#,
        ),
    ];

    #[test]
    fn columns_get_the_names_that_stand_beside_the_rows() {
        for (case, field, text) in EXPORTS {
            let seen = read_one("a.json", text.as_bytes());
            let of = |field: &str| -> Vec<(u64, &str)> {
                let own = seen.cells.iter().filter(|(name, ..)| name == field);
                own.map(|(_, row, value)| (*row, value.as_str())).collect()
            };
            let names = of(field);
            assert!(
                matches!(names[..], [(one, "Kari"), (other, "Per")] if one < other),
                "{case}: {:?}",
                seen.cells
            );
            let born = of(&field.replace("navn", "født"));
            assert!(
                matches!(born[..], [(_, "1981-03-22"), (_, "1975-12-02")]),
                "{case}: {:?}",
                seen.cells
            );
            let by_columns = ["Grafana", "pandas by columns"].contains(&case);
            assert_eq!(
                names[0].0 == born[0].0,
                !by_columns,
                "{case}: {:?}",
                seen.cells
            );
        }
    }

    #[test]
    fn names_are_those_of_what_lies_beside_them() {
        let text = r#"{"a":{"a":{"columns":["navn"],"rows":[["Kari"]]}},"b":{"rows":[["Per",[["dypt"]]]]},"geo":{"coordinates":[[10.75,59.91]]}}"#;
        let seen = read_one("a.json", text.as_bytes());
        let fields: Vec<(&str, &str)> = seen
            .cells
            .iter()
            .map(|(field, _, value)| (field.as_str(), value.as_str()))
            .collect();
        assert!(fields.contains(&("a.a.rows.navn", "Kari")), "{fields:?}");
        assert!(fields.contains(&("b.rows.0", "Per")), "{fields:?}");
        assert!(fields.contains(&("b.rows.1", "dypt")), "{fields:?}");
        assert!(fields.contains(&("geo.coordinates", "59.91")), "{fields:?}");
    }

    #[test]
    fn rows_that_are_numbered_by_their_keys_are_rows() {
        use std::fmt::Write as _;
        let mut text = String::from("{\"telefon\":{");
        for n in 0..20_000 {
            write!(text, "\"{n}\":\"4{n:07}\",").unwrap();
        }
        let seen = read_one("a.json", text.as_bytes());
        assert_eq!(seen.cells.len(), 20_000);
        assert_eq!(seen.cell("telefon", 15_002), Some("40015000"));
        let seen = read_one(
            "a.json",
            br#"{"40612345":{"navn":"Kari"},"40612346":{"navn":"Per"}}"#,
        );
        assert_eq!(seen.cell("", 1), Some("40612345"));
        assert_eq!(seen.cells.len(), 4);
    }
}
