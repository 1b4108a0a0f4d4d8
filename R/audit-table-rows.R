# Which audit a row of a table belongs to, and the rows without arms.

# Empty cells are missing.
cell_text <- function(x) {
  if (is.factor(x)) x <- as.character(x)
  if (is.character(x)) x[!nzchar(trimws(x))] <- NA
  x
}

table_tests <- function(tests, call) {
  known <- c("counts", "means", "rm")
  odd <- setdiff(names(tests), known)
  if (!is.list(tests) || length(odd) || (length(tests) && is.null(names(tests)))) {
    stop_input("argument", c("`tests` must be a list with `counts`, `means` or `rm`.",
      i = "For example `list(counts = \"fisher\", means = \"welch\")`."), "tests", call)
  }
  list(counts = tests$counts %||% "all",
    means = check_words(tests$means %||% c("student", "welch"), c("student", "welch"), "tests$means", call),
    rm = check_words(tests$rm %||% "rm_anova", c("rm_anova", "greenhouse_geisser"), "tests$rm", call))
}

row_sides <- function(data, alternative, call) {
  side <- as.character(data$alternative %||% rep(NA, nrow(data)))
  side[is.na(side)] <- alternative
  for (one in unique(side)) check_side(one, call)
  side
}

# `r`, `f` and `change` are figures of other kinds of row, or arms of that name where rows of arms fill them.
table_arms <- function(data) {
  other <- names(data) %in% c("r", "f", "change") | grepl("^(mean|sd)_[0-9]+$", names(data))
  filled <- vapply(data, function(x) any(!is.na(x)), NA)
  setdiff(names(data)[!other | filled], table_known)
}

# Visits of repeated measures: k of which both mean_k and sd_k are columns.
table_visits <- function(data) {
  visits <- sort(as.integer(sub("mean_", "", grep("^mean_[0-9]+$", names(data), value = TRUE))))
  visits[paste0("sd_", visits) %in% names(data)]
}

row_kinds <- function(data, call) {
  has <- function(...) {
    names <- c(...)
    if (!all(names %in% names(data))) {
      return(rep(FALSE, nrow(data)))
    }
    Reduce(`&`, lapply(data[names], function(x) !is.na(x)))
  }
  kind <- rep(NA_character_, nrow(data))
  kind[has("r", "n")] <- "correlation"
  kind[has("count", "n", "percent")] <- "percent"
  kind[has("estimate", "low", "high")] <- "odds"
  visits <- table_visits(data)
  if (length(visits) > 1L) kind[has("n", paste0("mean_", visits[1:2]), paste0("sd_", visits[1:2]))] <- "rm"
  kind[has("n", "mean_before", "sd_before", "mean_after", "sd_after")] <- "paired"
  kind[has("variable", "statistic")] <- "arms"
  if (anyNA(kind)) {
    stop_input("data", c(paste0("Row ", which(is.na(kind))[1], " of `data` holds no figures that are known."),
      i = "See the help of `audit_table()` for the columns a row needs."), "data", call)
  }
  kind
}

row_labels <- function(data, columns) {
  columns <- intersect(columns, names(data))
  vapply(seq_len(nrow(data)), function(i) {
    cells <- vapply(data[columns], function(x) as.character(x[i]), "")
    months <- columns == "month" & !is.na(cells)
    cells[months] <- paste("month", cells[months])
    paste(cells[!is.na(cells)], collapse = " ")
  }, "")
}

other_rows <- function(data, kind, tests, call) {
  audits <- list(
    paired = function(x, item) {
      audit_paired(x$n, x$mean_before, x$sd_before, x$mean_after, x$sd_after, p = x$p_value, change = x$change,
        sd_change = x$sd_change, alternative = x$alternative[1], item = item)
    },
    rm = function(x, item) rm_table_rows(x, item, tests$rm, call),
    odds = function(x, item) {
      audit_odds(x$estimate, x$low, x$high, x$p_value %||% NA, scale = x$scale[1] %||% "log",
        alternative = x$alternative[1], item = item)
    },
    correlation = function(x, item) {
      audit_correlation(x$r, x$n, p = x$p_value, alternative = x$alternative[1], item = item)
    },
    percent = function(x, item) audit_percent(as.double(x$count), as.double(x$n), x$percent, item = item)
  )
  data$scale <- if (!is.null(data$scale)) ifelse(is.na(data$scale), "log", as.character(data$scale))
  labels <- row_labels(data, c("item", "phenotype", "parameter", "variable", "level", "month"))
  lapply(stats::setNames(nm = names(audits)), function(word) {
    rows <- which(kind == word)
    if (!length(rows)) return(NULL)
    same <- split(rows, list(data$alternative[rows], data$scale[rows] %||% rep("", length(rows))), drop = TRUE)
    parts <- lapply(unname(same), function(i) audits[[word]](data[i, , drop = FALSE], as.character(i)))
    out <- do.call(rbind, parts)
    at <- as.integer(out$item)
    out$item <- labels[at]
    out[order(at), , drop = FALSE]
  })
}

# Rows of one call have the same visits.
rm_table_rows <- function(x, item, tests, call) {
  if (any(x$alternative != "two.sided")) {
    stop_input("word", "The F of repeated measures has no side.", "alternative", call)
  }
  visits <- table_visits(x)
  measured <- vapply(visits, function(k) !is.na(x[[paste0("mean_", k)]]) & !is.na(x[[paste0("sd_", k)]]), logical(nrow(x)))
  measured <- matrix(measured, nrow(x))
  pattern <- apply(measured, 1L, function(m) paste(which(m), collapse = " "))
  parts <- lapply(split(seq_len(nrow(x)), pattern), function(i) {
    k <- visits[measured[i[1], ]]
    f <- x$f[i] %||% rep(NA_character_, length(i))
    audit_rm(x$n[i], as.list(x[i, paste0("mean_", k)]), as.list(x[i, paste0("sd_", k)]), f = f, p = x$p_value[i],
      test = tests, item = item[i])
  })
  do.call(rbind, unname(parts))
}

# Rows that are judged together: the levels of a variable that is counted, with the one P that is printed for them; every mean,
# and every level with a P of its own, by itself: `judged` are then the percentages of all levels, and one P after the other.
table_blocks <- function(data) {
  data$p_value <- data$p_value %||% rep(NA_character_, nrow(data))
  out <- list()
  add <- function(rows, item, judged) {
    if (judged == "percentages") rows$p_value <- NA_character_
    out[[length(out) + 1L]] <<- list(rows = rows, item = item, judged = judged)
  }
  for (variable in unique(data$variable)) {
    rows <- data[data$variable == variable, , drop = FALSE]
    level <- if (is.null(rows$level)) rep(NA_character_, nrow(rows)) else as.character(rows$level)
    label <- ifelse(is.na(level) | nrow(rows) == 1L, variable, paste(variable, level))
    counted <- startsWith(rows$statistic, "count")
    several <- length(unique(rows$p_value[counted & !is.na(rows$p_value)])) > 1L
    if (any(counted)) add(rows[counted, , drop = FALSE], variable, if (several) "percentages" else "all")
    for (i in which(!counted)) add(rows[i, , drop = FALSE], label[i], "all")
    for (i in which(several & counted & !is.na(rows$p_value))) add(rows[i, , drop = FALSE], label[i], "P")
  }
  out
}

# Percentages of the arm; of the patients with a known level, or of the row, where all of them fit these and not the arm.
arm_percent <- function(rows, arms, cells, table, of, sizes, complete, variable) {
  level <- ifelse(is.na(rows$level %||% NA), "", paste0(" ", rows$level))
  of_arm <- ifelse(is.na(of), sizes, of)
  known <- if (complete && anyNA(of)) ifelse(is.na(of), rowSums(table), of)
  of_row <- if (anyNA(of)) matrix(colSums(table), length(arms), ncol(table), byrow = TRUE)
  judge <- function(n, note) {
    out <- do.call(rbind, lapply(seq_along(arms), function(a) {
      keep <- !is.na(cells[[a]]$second)
      if (!any(keep)) return(NULL)
      one <- audit_percent(table[a, keep], n[a, keep], cells[[a]]$second[keep],
        item = variable_labels(variable, level[keep], arms[a]))
      one$check <- paste0("percentage", level[keep], ", ", arms[a])
      one$item <- variable
      one$note <- ifelse(is.na(one$note), note, one$note)
      one
    }))
    out
  }
  first <- judge(of_arm, NA)
  good <- function(x) !is.null(x) && all(x$verdict %in% audit_verdicts[c(1, 2, 4)])
  if (is.null(first) || good(first)) {
    return(first)
  }
  second <- if (!is.null(known) && all(is.finite(known)) && all(known > 0 & known <= of_arm)) {
    judge(known, "Of the patients whose level is known.")
  }
  third <- if (!is.null(of_row) && all(is.finite(of_row)) && all(of_row > 0)) judge(of_row, "Of all patients of the row.")
  if (good(second)) second else if (good(third)) third else first
}

# Levels that add up to fewer patients than the arm has leave some without a level, which is no contradiction.
arm_totals <- function(table, sizes, arms, variable) {
  do.call(rbind, lapply(seq_along(arms), function(a) {
    one <- audit_total(table[a, ], sizes[a], item = variable)
    one$check <- paste("total,", arms[a])
    short <- sizes[a] - sum(table[a, ])
    if (isTRUE(short > 0) && one$verdict %in% audit_verdicts[6]) {
      one$verdict[] <- "cannot be judged"
      one$remedy <- NA_character_
      one$note <- paste0(short, if (short == 1) " patient is" else " patients are", " in none of the printed levels.")
    }
    one
  }))
}
