//! Structure elements: the tree as objects, and the way back from content to them.
//!
//! Source: ISO 32000-1, 14.7.2 (elements), 14.7.4 (content items), 14.8.5 (attributes).

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document as Lopdf, Object, ObjectId, StringFormat, dictionary};

use super::links::Link;
use super::places::{Places, rectangle};
use super::text_string;
use super::trees::{name_tree, number_tree};
use crate::compose::Book;
use crate::labels::Label;
use crate::layout::{Document, ListNumbering, NodeId, Rect, Role, Scope, StructNode};
use crate::pdf::content::{Drawn, Mark, figure_of};
use crate::pdf::sheet::Sheet;
use crate::pdf::structure::{Kid, Tree, role_name};

/// What the elements are made from.
pub(super) struct Source<'s> {
    pub document: &'s Document,
    pub book: &'s Book,
    pub sheets: &'s [Sheet],
    pub drawn: &'s [Drawn],
    pub links: &'s [Link],
    pub places: &'s Places,
}

/// Writes the tree; returns its root.
pub(super) fn elements(pdf: &mut Lopdf, source: &Source<'_>) -> ObjectId {
    let marks: Vec<Vec<Mark>> = source.drawn.iter().map(|d| d.marks.clone()).collect();
    let areas: Vec<Option<NodeId>> = source.links.iter().map(|l| l.node).collect();
    let tree = Tree::new(source.document, &marks, &areas);
    let order = tree.in_order();
    let root = pdf.new_object_id();
    let ids: BTreeMap<NodeId, ObjectId> =
        order.iter().map(|node| (*node, pdf.new_object_id())).collect();
    let pictures = pictures(source);
    let mut named = Vec::new();
    for node in &order {
        let index = node.0 as usize;
        let (Some(known), Some(id)) = (source.document.structure.get(index), ids.get(node)) else {
            continue;
        };
        let parent = known.parent.and_then(|p| ids.get(&p)).copied().unwrap_or(root);
        let mut element = dictionary! {
            "S" => role_name(tree.roles[index]),
            "P" => parent,
        };
        content(&mut element, &tree.kids[index], source, &ids);
        describe(&mut element, known, source);
        if let Some(attributes) = attributes(known, pictures.get(node).copied()) {
            element.set("A", attributes);
        }
        if known.role == Role::Note {
            // ISO 14289-1, 7.9: every note has an identifier of its own.
            let name = Object::String(format!("note-{:06}", node.0).into(), StringFormat::Literal);
            element.set("ID", name.clone());
            named.push((name, Object::Reference(*id)));
        }
        pdf.objects.insert(*id, Object::Dictionary(element));
    }
    named.sort_by(|a, b| a.0.as_str().ok().cmp(&b.0.as_str().ok()));
    let parents = parents(pdf, source, &ids);
    let mut tree = dictionary! {
        "Type" => "StructTreeRoot",
        "K" => ids.get(&NodeId(0)).map_or(Object::Null, |id| Object::Reference(*id)),
        "ParentTree" => parents,
        "ParentTreeNextKey" => (source.sheets.len() + source.links.len()) as i64,
        // PDF 1.7 has no word for the title on a cover.
        "RoleMap" => dictionary! { "Title" => "P" },
    };
    if let Some(names) = name_tree(pdf, named) {
        tree.set("IDTree", names);
    }
    pdf.objects.insert(root, Object::Dictionary(tree));
    root
}

/// The children of an element: numbers of content on its own sheet, dictionaries for the rest.
fn content(
    element: &mut Dictionary,
    kids: &[Kid],
    source: &Source<'_>,
    ids: &BTreeMap<NodeId, ObjectId>,
) {
    let sheet_of = |kid: &Kid| match kid {
        Kid::Content { sheet, .. } => Some(*sheet),
        Kid::Link(index) => source.links.get(*index).map(|l| l.sheet),
        Kid::Node(_) => None,
    };
    let page = |sheet: usize| source.places.sheets.get(sheet).copied();
    let own = kids.iter().find_map(sheet_of);
    if let Some(page) = own.and_then(page) {
        element.set("Pg", page);
    }
    let mut list: Vec<Object> = Vec::with_capacity(kids.len());
    for kid in kids {
        match kid {
            Kid::Node(node) => list.extend(ids.get(node).map(|id| Object::Reference(*id))),
            Kid::Content { sheet, mcid } if Some(*sheet) == own => list.push((*mcid as i64).into()),
            Kid::Content { sheet, mcid } => {
                let Some(page) = page(*sheet) else { continue };
                let item = dictionary! { "Type" => "MCR", "Pg" => page, "MCID" => *mcid as i64 };
                list.push(item.into());
            }
            Kid::Link(index) => {
                let Some(link) = source.links.get(*index) else { continue };
                let mut item = dictionary! { "Type" => "OBJR", "Obj" => link.id };
                if Some(link.sheet) != own
                    && let Some(page) = page(link.sheet)
                {
                    item.set("Pg", page);
                }
                list.push(item.into());
            }
        }
    }
    match list.len() {
        0 => {}
        1 => element.set("K", list.remove(0)),
        _ => element.set("K", list),
    }
}

fn describe(element: &mut Dictionary, node: &StructNode, source: &Source<'_>) {
    if let Some(language) = &node.language {
        element.set("Lang", Object::string_literal(language.as_str()));
    }
    if node.role == Role::Figure {
        // ISO 14289-1, 7.3: no figure without a text; `keben check` has asked for a better one.
        let alt = node.alt.as_deref().map(str::trim).filter(|alt| !alt.is_empty());
        let alt = alt.unwrap_or(Label::Figure.text(&source.book.language));
        element.set("Alt", text_string(alt));
    }
    if let Some(text) = &node.actual {
        element.set("ActualText", text_string(text));
    }
}

/// Attributes of an element (ISO 32000-1, 14.8.5).
fn attributes(node: &StructNode, picture: Option<(Rect, crate::units::Pt)>) -> Option<Object> {
    match node.role {
        Role::HeaderCell | Role::DataCell => {
            let mut table = dictionary! { "O" => "Table" };
            if let Some((columns, rows)) = node.span {
                if columns > 1 {
                    table.set("ColSpan", i64::from(columns));
                }
                if rows > 1 {
                    table.set("RowSpan", i64::from(rows));
                }
            }
            if let Some(scope) = node.scope {
                let scope = match scope {
                    Scope::Row => "Row",
                    Scope::Column => "Column",
                };
                table.set("Scope", scope);
            }
            (table.len() > 1).then(|| table.into())
        }
        Role::List => {
            let numbering = match node.numbering? {
                ListNumbering::Disc => "Disc",
                ListNumbering::Unordered => "Square",
                ListNumbering::Decimal => "Decimal",
                ListNumbering::LowerAlpha => "LowerAlpha",
                ListNumbering::LowerRoman => "LowerRoman",
            };
            Some(dictionary! { "O" => "List", "ListNumbering" => numbering }.into())
        }
        Role::Figure => {
            let (rect, height) = picture?;
            let bounds = rectangle(rect, height);
            Some(dictionary! { "O" => "Layout", "Placement" => "Block", "BBox" => bounds }.into())
        }
        _ => None,
    }
}

/// Where every figure's picture stands, with the height of its sheet.
fn pictures(source: &Source<'_>) -> BTreeMap<NodeId, (Rect, crate::units::Pt)> {
    let mut out = BTreeMap::new();
    for (drawn, sheet) in source.drawn.iter().zip(source.sheets) {
        for (node, rect) in &drawn.pictures {
            if let Some(figure) = figure_of(source.document, *node) {
                out.entry(figure).or_insert((*rect, sheet.height));
            }
        }
    }
    out
}

/// The parent tree (ISO 32000-1, 14.7.4.4): for every sheet the elements of its content by number,
/// then for every link area its element. Sets the keys of the sheets.
fn parents(pdf: &mut Lopdf, source: &Source<'_>, ids: &BTreeMap<NodeId, ObjectId>) -> ObjectId {
    let element = |node: NodeId| ids.get(&node).map_or(Object::Null, |id| Object::Reference(*id));
    let mut values = Vec::with_capacity(source.sheets.len() + source.links.len());
    for (drawn, page) in source.drawn.iter().zip(&source.places.sheets) {
        let list: Vec<Object> = drawn.marks.iter().map(|mark| element(mark.node)).collect();
        let list = pdf.add_object(list);
        if let Ok(page) = pdf.get_dictionary_mut(*page) {
            page.set("StructParents", values.len() as i64);
            // ISO 14289-1, 7.18.3: the tab key follows the structure.
            page.set("Tabs", "S");
        }
        values.push(list.into());
    }
    values.extend(source.links.iter().map(|link| link.node.map_or(Object::Null, element)));
    number_tree(pdf, values)
}
