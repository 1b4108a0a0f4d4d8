# A whole published table: its rows are read, each is sent to the audit of its kind, and the column of P values is looked
# at as one.

arm_statistics <- c("count", "count (%)", "mean (SD)", "median (IQR)", "median (range)")
table_known <- c("variable", "level", "unit", "statistic", "item", "note", "p_value", "phenotype", "parameter", "month",
  "n", "mean_before", "sd_before", "mean_after", "sd_after", "sd_change", "estimate", "low", "high", "count", "percent",
  "scale", "alternative")

#' Audit of a published table
#'
#' Reads a table of printed figures, checks every figure against the others of its row, and prints as a reviewer's list. A
#' row may hold
#' * two or more arms: a column `statistic` (`"count"`, `"count (%)"`, `"mean (SD)"`, `"median (IQR)"`) and a column an arm
#'   with cells as printed (`"20 (48.8%)"`, `"27.00 (7.97)"`). Levels of one `variable` are one table of counts: percentages
#'   ([audit_percent()]), totals ([audit_total()]) and P ([audit_counts()]). Means of two arms are tried under the t-tests
#'   named. Medians cannot be judged. One P of a variable is that of all its levels, several are each of its level against
#'   the others. Percentages are of the arm, of the denominator in the cell (`"20/40 (50.0%)"`), or, where all of a variable
#'   fit these and not the arm, of the patients whose level is known or of the row, and the note says so.
#' * before and after: `n`, `mean_before`, `sd_before`, `mean_after`, `sd_after`, `p_value`, and the `change` with its
#'   `sd_change` if they are printed ([audit_paired()]);
#' * repeated measures: `n`, `mean_1`, `sd_1`, `mean_2`, `sd_2`, ..., `f`, `p_value` ([audit_rm()]);
#' * a ratio: `estimate`, `low`, `high`, `p_value`; a difference or regression coefficient: the same with `"identity"` in a
#'   column `scale` ([audit_odds()]);
#' * a correlation: `r`, `n`, `p_value` ([audit_correlation()]);
#' * a percentage: `count`, `n`, `percent` ([audit_percent()]).
#'
#' **The order of the P values.** Where printed P values do not come back from their own rows, other orders of the column
#' are tried: two P values exchanged, a stretch moved by a row, and any order at all. One that explains more rows than the
#' printed one is named with two chances: that a random order of the P values that do not come back gains as many rows,
#' which is the one to judge by, and that a random order of the whole column explains as many (both counted exactly up to 16
#' rows, by seeded draws beyond). A P that prints like a test statistic or a P of another row is named too. All of this is
#' about the figures, and a small chance is no proof.
#'
#' @param data A data frame of printed figures (text), a row a comparison.
#' @param arms Names of the columns of the arms; by default those that are none of the known columns.
#' @param n Patients in each arm; by default the row whose `variable` is `n`.
#' @param tests Tests the paper names: a list with `counts` (see [audit_counts()]), `means` (`"student"`, `"welch"` or
#'   both) and `rm` (`"rm_anova"`, `"greenhouse_geisser"` or both).
#' @param alternative `"two.sided"`, `"less"` or `"greater"`: the side of the P of every row, as the audit of its kind takes
#'   it. A column `alternative` gives rows their own.
#' @param replicates,seed Draws of random orders in tables of more than 16 rows.
#' @return An audit, with the order of the P values in `attr(, "order")`. `plot()` draws the range of P that each row
#'   allows and the printed
#'   P, or the implied correlations.
#' @examples
#' data("thalidomide_table2", package = "respondr")
#' audit_table(thalidomide_table2)
#' @export
audit_table <- function(data, arms = NULL, n = NULL, tests = list(counts = "all", means = c("student", "welch")),
                        alternative = "two.sided", replicates = 10000, seed = NULL) {
  call <- sys.call()
  alternative <- check_side(alternative, call)
  if (!is.data.frame(data) || !nrow(data)) {
    stop_input("data", "`data` must be a data frame with a row a comparison.", "data", call)
  }
  data <- quick_frame(lapply(data, cell_text), nrow(data))
  empty <- Reduce(`&`, lapply(data, is.na))
  data <- data[!empty, , drop = FALSE]
  if (!nrow(data)) {
    stop_input("data", "All rows of `data` are empty.", "data", call)
  }
  tests <- table_tests(tests, call)
  replicates <- check_whole(replicates, "replicates", call, 1, 1e7)
  data$alternative <- row_sides(data, alternative, call)
  kind <- row_kinds(data, call)
  parts <- list()
  if (any(kind == "arms")) {
    parts$arms <- audit_arms(data[kind == "arms", , drop = FALSE], arms, n, tests, call)
  }
  others <- other_rows(data, kind, tests, call)
  out <- do.call(rbind, c(list(parts$arms$audit), others))
  if (is.null(out)) {
    stop_input("data", c("`data` holds nothing to check but the numbers of patients.",
      i = "See the help of `audit_table()` for the columns a row needs."), "data", call)
  }
  seed <- new_seed(seed, call)
  order <- order_of_p(parts$arms$candidates, replicates, seed$value, call)
  if (is.null(order) || order$exact) restore_seed(seed)
  class(out) <- c("respondr_audit_table", class(out))
  attr(out, "order") <- order
  attr(out, "candidates") <- parts$arms$candidates
  attr(out, "correlations") <- others$paired
  attr(out, "empty") <- sum(empty)
  out
}

# Rows with arms: the audit, and of every P that can be judged the values its row allows.
audit_arms <- function(data, arms, n, tests, call) {
  arms <- arms %||% table_arms(data)
  missing <- setdiff(arms, names(data))
  if (length(missing) || length(arms) < 2L) {
    stop_input("column", c("`arms` must name the columns of two or more arms.", i = paste0("Columns: ", quoted(names(data),
      20), ".")),
      "arms", call)
  }
  check_words(data$statistic, arm_statistics, "statistic", call)
  sizes <- n %||% suppressWarnings(as.double(unlist(data[match("n", data$variable), arms])))
  if (length(sizes) != length(arms) || anyNA(sizes)) {
    stop_input("counts", c("The number of patients in each arm is not known.",
      i = "Give `n`, or a row whose `variable` is \"n\"."), "n", call)
  }
  data <- data[data$variable != "n", , drop = FALSE]
  answers <- lapply(table_blocks(data), function(block) {
    rows <- block$rows
    item <- block$item
    p <- read_printed(c(rows$p_value[!is.na(rows$p_value)], NA)[1], NULL, 0, 1, "p_value", call)
    switch(sub(" .*", "", rows$statistic[1]),
      count = arm_counts(rows, arms, sizes, p, tests$counts, item, block$judged, call),
      mean = arm_means(rows, arms, sizes, p, tests$means, item, call),
      list(audit = new_audit(item, "P", as.character(p), test = "rank test", verdict = "cannot be judged",
        note = "Medians and quartiles do not determine a P."))
    )
  })
  list(audit = do.call(rbind, lapply(answers, `[[`, "audit")), candidates = Filter(Negate(is.null), lapply(answers, `[[`,
    "candidate")))
}

arm_counts <- function(rows, arms, sizes, p, tests, variable, judge, call) {
  cells <- lapply(arms, function(arm) read_cells(rows[[arm]], arm, call))
  number <- function(part) {
    do.call(rbind, lapply(cells, function(cell) check_figures(suppressWarnings(as.double(cell[[part]])), "cell", call)))
  }
  table <- number("first")
  of <- number("of")
  sizes <- ifelse(apply(of, 1L, function(x) !anyNA(x) && length(unique(x)) == 1L), of[, 1], sizes)
  complete <- nrow(rows) > 1L
  percent <- if (judge != "P") arm_percent(rows, arms, cells, table, of, sizes, complete, variable)
  total <- if (complete) arm_totals(table, sizes, arms, variable)
  whole <- if (complete) table else cbind(table[, 1], sizes - table[, 1])
  side <- rows$alternative[1]
  judged <- if (judge != "percentages" && all(is.finite(whole)) && all(whole >= 0)) audit_counts(whole, p, tests, side, item = variable)
  used <- if ("all" %in% tests) setdiff(names(count_test_labels), "g") else tests
  if (any(dim(whole) != 2L)) used <- setdiff(used, count_tests_2x2)
  values <- if (!is.null(judged)) p_range(count_p(whole, used, 1e7, call, side))
  statistic <- if (!is.null(judged) && all(rowSums(whole) > 0) && all(colSums(whole) > 0)) {
    rates_table(whole, "chisq", seed = 1)$statistic
  }
  candidate <- if (!is.null(judged) && any(!is.na(values$low))) {
    list(item = variable, p = p, low = values$low[!is.na(values$low)], high = values$high[!is.na(values$low)], statistic = c(statistic,
      statistic), name = "chi-square")
  }
  list(audit = rbind(percent, total, judged), candidate = candidate)
}

variable_labels <- function(variable, levels, arm) paste0(variable, levels, ", ", arm)

# Two arms by the t-tests named, more by the ANOVA of the same name.
arm_means <- function(rows, arms, sizes, p, tests, variable, call) {
  cells <- lapply(arms, function(arm) read_cells(rows[[arm]][1], arm, call))
  column <- function(part, lower) {
    Map(function(cell, arm) read_printed(cell[[part]], NULL, lower, Inf, arm, call), cells, arms)
  }
  x <- list(n = as.list(as.double(sizes)), mean = column("first", -Inf), sd = column("second", 0), p = p, item = variable)
  side <- rows$alternative[1]
  if (length(arms) > 2L) {
    if (side != "two.sided") stop_input("word", "The P of three or more arms has no side.", "alternative", call)
    tests <- c(student = "anova", welch = "welch_anova")[tests]
  }
  solved <- lapply(unname(tests), function(test) group_readings(x, test, p, "p", c("n-1", "n"), call, side))
  pick <- function(name) vapply(solved, function(s) s$k[[name]], 0)
  if (anyNA(pick("p_low"))) {
    status <- if (any(sizes < 2)) "too_few" else if (anyNA(lapply(cells, `[[`, "second"))) "no_data" else "no_variance"
    return(list(audit = new_audit(variable, "P", as.character(p), verdict = "cannot be judged", status = status,
      note = c(too_few = "An arm has fewer than two patients.", no_data = "A mean or an SD is not printed.",
        no_variance = "The SDs are 0.")[[status]])))
  }
  verdicts <- vapply(solved, function(s) as.character(s$verdict), "")
  fits <- verdicts %in% audit_verdicts[1:2]
  digits <- max(3L, unclass(p)$decimals, na.rm = TRUE)
  verdict <- if (is.na(unclass(p)$value)) NA else if (!any(fits)) verdicts[[1]] else mean_verdict(verdicts[fits])
  remedy <- if (verdict %in% audit_verdicts[5]) group_remedy(x, tests[[1]], solved[[1]]$k, verdict, call, side)
  # what the recomputed column says already
  if (isTRUE(startsWith(remedy %||% "", "P would have to be"))) remedy <- NULL
  notes <- unique(unlist(lapply(solved[fits], `[[`, "note")))
  statistic <- paste0(if (length(arms) > 2L) "F " else "|t| ", paste(unique(audit_number(pick("statistic"), 3L)),
    collapse = " or "), ".")
  recomputed <- paste0(mean_test_short[tests], " ", audit_p(pick("p"), digits), " (",
    audit_range(pick("p_low"), pick("p_high"), digits), ")")
  audit <- new_audit(variable, paste0("P", side_words(side)), as.character(p), paste(recomputed, collapse = "; "),
    min(pick("p_low")), max(pick("p_high")), paste(mean_test_labels[tests[if (any(fits)) fits else TRUE]], collapse = ", "),
    verdict, remedy %||% NA,
    note = paste(c(statistic, if (length(notes) && !anyNA(notes)) paste0(notes, ".")), collapse = " "))
  list(audit = audit, candidate = list(item = variable, p = p, low = pick("p_low"), high = pick("p_high"),
    statistic = c(solved[[1]]$k$statistic_low, solved[[1]]$k$statistic_high), name = if (length(arms) > 2L) "F" else "t"))
}

mean_test_short <- c(student = "t", welch = "Welch", anova = "ANOVA", welch_anova = "Welch")
mean_test_labels <- c(student = "Student's t", welch = "Welch's t", anova = "one-way ANOVA", welch_anova = "Welch's ANOVA")

# Both t-tests often print the same P, which leaves the test open, not the figure.
mean_verdict <- function(verdicts) audit_verdicts[min(match(verdicts, audit_verdicts))]

# "20 (48.8%)", "27.00 (7.97)", "27.00 \u00b1 7.97", "20/41 (48.8)", "41"
read_cells <- function(x, argument, call) {
  text <- trimws(enc2utf8(as.character(x)))
  text <- gsub("\u00b1|\\+/-", "(", text)
  text <- gsub("(?<=[0-9]),(?=[0-9]{1,2}(?![0-9]))|(?<![0-9])(?<=0),(?=[0-9])|(?<=^0),(?=[0-9])", ".", text, perl = TRUE)
  text <- sub("\\s*\\(\\s*(NA|-|\u2013|\u2014)?\\s*\\)$", "", text)  # a second figure that is not printed
  number <- "[-+]?[0-9]*\\.?[0-9]+"
  form <- paste0("^(", number, ")(?:\\s*/\\s*([0-9]+))?(?:\\s*\\(\\s*(", number, ")\\s*%?\\s*\\)?)?\\s*%?$")
  hit <- regmatches(text, regexec(form, text, perl = TRUE))
  bad <- lengths(hit) == 0L & !is.na(text)
  if (any(bad)) {
    stop_input("figure", c(paste0("Column `", argument, "` holds ", quoted(text[bad]), ", which cannot be read."),
      i = "Write cells as \"20 (48.8%)\" or \"27.00 (7.97)\"."), argument, call)
  }
  part <- function(k) vapply(hit, function(h) if (length(h) && nzchar(h[k])) h[k] else NA_character_, "")
  list(first = part(2L), of = part(3L), second = part(4L))
}
