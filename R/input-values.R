# The measurements behind a result, one row a patient and visit or a patient and contrast: for plots and tables.

# What the random streams of a patient hang on: nested ids are kept apart by a mark that no id holds.
patient_keys <- function(input) {
  if (is.null(input$id_columns)) patient_labels(input) else id_text(input$id_columns, input$id_row, "\r")
}

patient_labels <- function(input) {
  if (is.null(input$id_columns)) {
    rows <- if (is.null(input$rows)) seq_len(utils::tail(input$group_start, 1L)) else input$rows[, 1]
    return(as.character(rows))
  }
  id_text(input$id_columns, input$id_row)
}

input_column <- function(input, part, i) {
  x <- input[[part]]
  if (is.matrix(x)) x[, i] else x[[i]]
}

group_of_patient <- function(input) {
  rep(seq_len(length(input$group_start) - 1L), diff(input$group_start))
}

by_columns_of <- function(input, group) {
  out <- input$by[group, , drop = FALSE]
  row.names(out) <- NULL
  out
}

input_long <- function(input) {
  if (input$kind %in% c("figures", "change")) {
    return(NULL)
  }
  id <- patient_labels(input)
  group <- group_of_patient(input)
  frames <- lapply(seq_along(outcome_names(input)), function(o) {
    labels <- if (input$kind == "wide" && !is.null(input$columns)) {
      c(input$columns[o], outcome_names(input)[o])
    } else {
      input$visits
    }
    values <- lapply(seq_along(labels), function(v) {
      if (input$kind == "long") {
        return(input_column(input, "outcomes", o)[input$rows[, v]])
      }
      x <- input_column(input, if (v == 1L) "before" else "outcomes", o)
      if (is.null(input$rows)) x else x[input$rows[, 1]]
    })
    p <- length(id)
    data.frame(
      outcome = rep(outcome_names(input)[o], p * length(labels)),
      by_columns_of(input, rep(group, length(labels))),
      id = rep(id, length(labels)),
      visit = rep(labels, each = p),
      value = unlist(values), check.names = FALSE, stringsAsFactors = FALSE
    )
  })
  out <- do.call(rbind, frames)
  out$outcome <- factor(out$outcome, levels = unique(outcome_names(input)))
  out$visit <- factor(out$visit, levels = unique(out$visit), ordered = TRUE)
  out[!is.na(out$value), , drop = FALSE]
}

input_changes <- function(input) {
  if (input$kind == "figures") {
    return(NULL)
  }
  id <- patient_labels(input)
  group <- group_of_patient(input)
  labels <- result_labels(input, "difference")
  per_outcome <- nrow(input$by) * length(input$contrasts)
  frames <- lapply(seq_along(outcome_names(input)), function(o) {
    lapply(seq_along(input$contrasts), function(k) {
      pair <- input_pair(input, o, input$contrasts[k])
      data.frame(
        outcome = rep(outcome_names(input)[o], length(id)), by_columns_of(input, group),
        contrast = rep(as.character(labels$contrast[(o - 1L) * per_outcome + k]), length(id)), id = id,
        before = pair$before, after = pair$after, change = pair$change, check.names = FALSE, stringsAsFactors = FALSE
      )
    })
  })
  out <- do.call(rbind, unlist(frames, recursive = FALSE))
  out$outcome <- factor(out$outcome, levels = unique(outcome_names(input)))
  out$contrast <- factor(out$contrast, levels = levels(labels$contrast))
  out[!is.na(out$change), , drop = FALSE]
}

# Measurements of one outcome at the reference and at visit v, one value a patient.
input_pair <- function(input, o, v) {
  later <- input_column(input, "outcomes", o)
  if (input$kind == "long") {
    before <- later[input$rows[, input$reference]]
    after <- later[input$rows[, v]]
    return(list(before = before, after = after, change = after - before))
  }
  take <- function(x) if (is.null(input$rows)) x else x[input$rows[, 1]]
  if (input$kind == "change") {
    return(list(before = NA_real_, after = NA_real_, change = take(later)))
  }
  before <- take(input_column(input, "before", o))
  after <- take(later)
  list(before = before, after = after, change = after - before)
}
