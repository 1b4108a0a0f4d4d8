# A table of Word (WordprocessingML): widths in proportion to the text, small type. The tables that pandoc writes for
# Word have columns in proportion to their source, which cuts words where there are many.

knit_word <- function(columns, caption, notes) {
  cells <- lapply(columns, function(column) knit_escape(c(column$label, column$text), "word"))
  right <- vapply(columns, `[[`, NA, "right")
  chars <- vapply(columns, column_width, 0L) + 2L
  widths <- as.integer(floor(word_text_width * chars / max(sum(chars), 80L)))
  rows <- vapply(seq_along(cells[[1]]), function(i) {
    word_row(vapply(cells, `[[`, "", i), widths, right, header = i == 1L, last = i == length(cells[[1]]))
  }, "")
  xml <- c(
    word_paragraph(caption, "TableCaption"),
    paste0("<w:tbl><w:tblPr><w:tblW w:w=\"", sum(widths), "\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/>",
      "<w:tblCellMar><w:left w:w=\"40\" w:type=\"dxa\"/><w:right w:w=\"40\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr>",
      "<w:tblGrid>", paste0("<w:gridCol w:w=\"", widths, "\"/>", collapse = ""), "</w:tblGrid>"),
    rows, "</w:tbl>",
    vapply(notes, word_paragraph, "", style = "Compact", size = 16L, USE.NAMES = FALSE),
    word_paragraph("", "Compact")
  )
  knitr::asis_output(paste0("\n\n```{=openxml}\n", paste(xml, collapse = "\n"), "\n```\n\n"))
}

# Twentieths of a point between margins of an inch on a page of A4.
word_text_width <- 9000

word_paragraph <- function(text, style, size = NULL, right = FALSE, bold = FALSE) {
  type <- if (!is.null(size)) paste0("<w:sz w:val=\"", size, "\"/><w:szCs w:val=\"", size, "\"/>")
  run <- paste0("<w:rPr>", if (bold) "<w:b/>", type, "</w:rPr>")
  paste0(
    "<w:p><w:pPr><w:pStyle w:val=\"", style, "\"/>", if (right) "<w:jc w:val=\"right\"/>", run, "</w:pPr><w:r>", run,
    "<w:t xml:space=\"preserve\">", text, "</w:t></w:r></w:p>"
  )
}

word_row <- function(text, widths, right, header, last) {
  rule <- function(side) paste0("<w:", side, " w:val=\"single\" w:sz=\"6\" w:space=\"0\" w:color=\"auto\"/>")
  border <- paste0(if (header) rule("top"), if (header || last) rule("bottom"))
  border <- if (length(border)) paste0("<w:tcBorders>", border, "</w:tcBorders>") else ""
  cells <- paste0(
    "<w:tc><w:tcPr><w:tcW w:w=\"", widths, "\" w:type=\"dxa\"/>", border, "</w:tcPr>",
    mapply(word_paragraph, text, style = "Compact", size = 16L, right = right, bold = header), "</w:tc>",
    collapse = ""
  )
  paste0("<w:tr><w:trPr><w:cantSplit/>", if (header) "<w:tblHeader/>", "</w:trPr>", cells, "</w:tr>")
}
