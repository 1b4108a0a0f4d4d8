# Counts of arms in a table: what they may be counted of, their percentages, totals and P.

# A level for the patients without a value.
missing_level <- "^\\s*(missing|unknown|not (known|available|reported|recorded|done|tested|assessed|determined|stated)|no data)\\b|^\\s*n/?a\\s*$"

arm_counts <- function(block, arms, sizes, p, tests, call) {
  rows <- block$rows
  variable <- block$item
  whole <- count_figures(rows, arms, call)
  of <- whole$of
  above <- whole$table > ifelse(is.na(of), sizes, of)
  if (any(above, na.rm = TRUE)) {
    return(list(audit = counts_above(whole, rows, arms, ifelse(is.na(of), sizes, of), above, variable)))
  }
  sizes <- ifelse(apply(of, 1L, function(x) !anyNA(x) && length(unique(x)) == 1L), of[, 1], sizes)
  level <- if (is.null(rows$level)) rep(NA_character_, nrow(rows)) else as.character(rows$level)
  lost <- grepl(missing_level, level, ignore.case = TRUE) & nrow(rows) > 1L
  complete <- sum(!lost) > 1L
  percent <- if (block$judged != "P") arm_percent(rows, arms, whole, sizes, lost, complete, variable)
  total <- if (nrow(rows) > 1L) arm_totals(whole$table, sizes, arms, variable, block$judged == "percentages")
  judged <- if (block$judged != "percentages") {
    arm_p(count_readings(block, whole, sizes, lost, attr(percent, "known"), arms, call), p, tests, rows$alternative[1], variable,
      call)
  }
  list(audit = rbind(percent, total, judged$audit), candidate = judged$candidate)
}

# Counts, denominators and percentages: arms in rows, levels in columns.
count_figures <- function(rows, arms, call) {
  cells <- lapply(arms, function(arm) read_cells(rows[[arm]], arm, call))
  number <- function(part) {
    do.call(rbind, lapply(cells, function(cell) check_figures(suppressWarnings(as.double(cell[[part]])), "cell", call)))
  }
  list(table = number("first"), of = number("of"), cells = cells)
}

counts_above <- function(whole, rows, arms, sizes, above, variable) {
  at <- which(above, arr.ind = TRUE)
  most <- if (is.matrix(sizes)) sizes[at] else sizes[at[, 1]]
  second <- vapply(seq_len(nrow(at)), function(i) whole$cells[[at[i, 1]]]$second[at[i, 2]], "")
  new_audit(variable, paste("count,", arms[at[, 1]]), paste0(format_whole(whole$table[at]), " of ", format_whole(most),
    ifelse(is.na(second), "", paste0(" (", second, ")"))), verdict = "impossible", remedy = "More patients than there are.")
}

# Tables that the P of a row may be about, the likeliest first, each with what is to be said of it. `open`: nothing printed says
# so, and a P that comes back so only leaves the row open.
count_readings <- function(block, whole, sizes, lost, known, arms, call) {
  table <- whole$table
  out <- list()
  add <- function(x, note = NA_character_, open = FALSE) {
    good <- all(is.finite(x)) && all(x >= 0) && ncol(x) > 1L
    same <- vapply(out, function(o) identical(dim(o$table), dim(x)) && all(o$table == x), NA)
    if (good && !any(same)) out[[length(out) + 1L]] <<- list(table = x, note = note, open = open)
  }
  without <- rowSums(table[, lost, drop = FALSE])
  shown <- table[, !lost, drop = FALSE]
  if (block$judged == "P") {
    among <- count_figures(block$among, arms, call)$table
    part <- grepl(missing_level, as.character(block$among$level), ignore.case = TRUE)
    add(cbind(shown[, 1], sizes - shown[, 1]))
    add(cbind(shown[, 1], rowSums(among[, !part, drop = FALSE]) - shown[, 1]), "Of the patients whose level is known.")
    return(out)
  }
  if (ncol(shown) > 1L) {
    add(shown)
    rest <- sizes - without - rowSums(shown)
    if (isTRUE(any(rest > 0))) add(cbind(shown, rest), "With the patients in none of the levels as a level.")
    if (any(without > 0)) add(table, "With the patients without a value as a level.")
    own <- which(!is.na(block$rows$p_value[!lost]))
    if (ncol(shown) > 2L) {
      for (k in own) add(cbind(shown[, k], rowSums(shown) - shown[, k]), paste0("Of the level ", block$rows$level[!lost][k],
        " against the others."))
    }
    return(out)
  }
  left <- function(n) cbind(shown[, 1], n - shown[, 1])
  if (!is.null(known)) add(left(known), paste0("Of ", paste(known, collapse = " and "), " patients with a value."))
  if (any(without > 0)) add(left(sizes - without), "Of the patients with a value.")
  add(left(sizes))
  if (!any(lost) && all(is.na(whole$of))) {
    some <- some_missing(table, sizes, whole$cells)
    for (i in seq_len(nrow(some))) {
      add(left(some[i, ]), paste0("Fits where ", paste(some[i, ], "of", sizes, collapse = " and "),
        " patients have a value, which the percentages allow."), open = TRUE)
    }
  }
  out
}

# Numbers of patients of the arms that the percentages of one row allow beside the arms themselves, fewest missing first.
some_missing <- function(table, sizes, cells, most = 200L) {
  each <- lapply(possible_patients(table, sizes, cells), utils::head, 15L)
  if (any(lengths(each) == 0L)) {
    return(matrix(0, 0L, length(sizes)))
  }
  out <- as.matrix(expand.grid(each))
  missing <- sum(sizes) - rowSums(out)
  out <- out[order(missing), , drop = FALSE]
  unname(utils::head(out[sort(missing) > 0, , drop = FALSE], most))
}

# The first reading under which the printed P comes back; failing that the first of all.
arm_p <- function(readings, p, tests, side, variable, call) {
  if (!length(readings)) {
    return(NULL)
  }
  first <- chosen <- NULL
  for (reading in readings) {
    one <- reading_p(reading, p, tests, side, variable, call)
    first <- first %||% one
    if (one$audit$verdict %in% audit_verdicts[1:3]) {
      chosen <- one
      break
    }
    if (is.na(unclass(p)$value)) break
  }
  part <- any(vapply(readings, function(r) grepl("in none of the levels", r$note), NA))
  why <- if (is.null(chosen)) {
    if (part && first$audit$verdict %in% audit_verdicts[5]) "The levels printed are not all patients, and what the others have is not known."
  } else if (chosen$open) chosen$audit$note
  chosen <- if (is.null(chosen) || chosen$open) first else chosen
  if (!is.null(why)) {
    chosen$audit$verdict[] <- audit_verdicts[4]
    chosen$audit$remedy <- NA_character_
    chosen$audit$note <- why
  }
  list(audit = chosen$audit, candidate = if (!is.null(chosen$table)) p_candidate(chosen, p, side, variable, call))
}

reading_p <- function(reading, p, tests, side, variable, call) {
  small <- all(dim(without_empty(reading$table)) == 2L)
  used <- if ("all" %in% tests) "all" else if (small) tests else setdiff(tests, count_tests_2x2)
  if (!length(used)) {
    return(list(audit = new_audit(variable, paste0("P", side_words(side)), as.character(p), test = tests_text(tests),
      verdict = if (is.na(unclass(p)$value)) NA else "cannot be judged", note = "The test named is for 2 x 2 tables."), open = FALSE))
  }
  audit <- audit_counts(reading$table, p, used, side, item = variable)
  notes <- c(reading$note, audit$note)
  audit$note <- if (all(is.na(notes))) NA_character_ else paste(notes[!is.na(notes)], collapse = " ")
  list(audit = audit, table = reading$table, used = used, small = small, open = reading$open)
}

# What the column of P values is judged by.
p_candidate <- function(chosen, p, side, variable, call) {
  used <- if ("all" %in% chosen$used) setdiff(names(count_test_labels), "g") else chosen$used
  if (!chosen$small) used <- setdiff(used, count_tests_2x2)
  if (side != "two.sided") used <- setdiff(used, count_tests_two_sided)
  values <- p_range(count_p(chosen$table, used, 1e7, call, side))
  if (all(is.na(values$low))) {
    return(NULL)
  }
  statistic <- if (identical(dim(without_empty(chosen$table)), dim(chosen$table))) rates_table(chosen$table, "chisq", seed = 1)$statistic
  list(item = variable, p = p, low = values$low[!is.na(values$low)], high = values$high[!is.na(values$low)],
    statistic = c(statistic, statistic), name = "chi-square")
}

# Percentages of the arm; of the patients with a known level, of the row, or of all patients of the table, where all of them fit
# these and not the arm. Where some smaller number of patients fits all of an arm, missing values would explain it.
arm_percent <- function(rows, arms, whole, sizes, lost, complete, variable) {
  level <- ifelse(is.na(rows$level %||% NA), "", paste0(" ", rows$level))
  table <- whole$table
  of <- whole$of
  of_arm <- ifelse(is.na(of), sizes, of)
  judge <- function(n, note) {
    do.call(rbind, lapply(seq_along(arms), function(a) {
      keep <- !is.na(whole$cells[[a]]$second)
      if (!any(keep)) return(NULL)
      one <- audit_percent(table[a, keep], n[a, keep], whole$cells[[a]]$second[keep],
        item = variable_labels(variable, level[keep], arms[a]))
      one$check <- paste0("percentage", level[keep], ", ", arms[a])
      one$item <- variable
      one$note <- ifelse(is.na(one$note), note, one$note)
      one
    }))
  }
  fits <- function(x) !is.null(x) && all(x$verdict %in% audit_verdicts[c(1, 2, 4)])
  first <- judge(of_arm, NA)
  if (is.null(first) || fits(first)) {
    return(first)
  }
  everywhere <- function(n) matrix(n, length(arms), ncol(table))
  others <- list()
  if (anyNA(of)) {
    known <- ifelse(is.na(of), rowSums(table[, !lost, drop = FALSE]), of)
    if (complete) others$known <- list(n = known, note = "Of the patients whose level is known.")
    others$row <- list(n = matrix(colSums(table), length(arms), ncol(table), byrow = TRUE), note = "Of all patients of the row.")
    others$all <- list(n = everywhere(sum(sizes)), note = "Of all patients of the table.")
  }
  for (name in names(others)) {
    n <- others[[name]]$n
    if (!all(is.finite(n)) || any(n <= 0) || (name == "known" && any(n > of_arm))) next
    again <- judge(n, others[[name]]$note)
    if (fits(again)) return(again)
  }
  possible <- if (all(is.na(of))) possible_patients(table, sizes, whole$cells) else list(NULL)
  if (any(lengths(possible) == 0L)) {
    return(first)
  }
  fewer <- vapply(possible, `[`, 0, 1L)
  again <- judge(everywhere(fewer), NA)
  again$verdict[] <- "cannot be judged"
  arm <- rep(seq_along(arms), vapply(whole$cells, function(cell) sum(!is.na(cell$second)), 0L))
  short <- sizes - fewer
  again$note <- ifelse(short[arm] > 0, paste0("Fits ", format_whole(fewer[arm]), " of the ", format_whole(sizes[arm]),
    " patients: ", short[arm], " without a value would explain it."), again$note)
  structure(again, known = fewer)
}

# For each arm the numbers of patients, most first, of which all its percentages are.
possible_patients <- function(table, sizes, cells) {
  lapply(seq_along(cells), function(a) {
    keep <- !is.na(cells[[a]]$second) & !is.na(table[a, ])
    counts <- table[a, !is.na(table[a, ])]
    least <- if (sum(counts) <= sizes[a]) sum(counts) else max(counts)  # a patient may have several levels
    n <- seq(sizes[a], max(1, least))
    figures <- printed(cells[[a]]$second)
    if (!any(keep)) sizes[a] else n[vapply(n, function(d) all(prints_as(100 * table[a, keep] / d, figures[keep])), NA)]
  })
}

# Levels that add up to fewer patients than the arm has leave some without a level, which is no contradiction. More than it has
# are one, unless a patient can have several, as where each level is compared by itself (`apart`).
arm_totals <- function(table, sizes, arms, variable, apart) {
  do.call(rbind, lapply(seq_along(arms), function(a) {
    one <- audit_total(table[a, ], sizes[a], item = variable)
    one$check <- paste("total,", arms[a])
    short <- sizes[a] - sum(table[a, ])
    if (isTRUE(short > 0) && one$verdict %in% audit_verdicts[6]) {
      one$verdict[] <- "cannot be judged"
      one$remedy <- NA_character_
      one$note <- paste0(short, if (short == 1) " patient is" else " patients are", " in none of the printed levels.")
    }
    if (isTRUE(short < 0)) {
      if (apart) one$verdict[] <- "cannot be judged"
      one$remedy <- "Fits if a patient can have several of the levels."
    }
    one
  }))
}
