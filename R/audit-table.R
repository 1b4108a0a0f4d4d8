# A whole published table: its rows are read, each is sent to the audit of its kind, and the column of P values is looked
# at as one.

arm_statistics <- c("count", "count (%)", "mean (SD)", "median (IQR)", "median (range)")
table_known <- c("variable", "level", "unit", "statistic", "item", "note", "p_value", "phenotype", "parameter", "month",
  "n", "mean_before", "sd_before", "mean_after", "sd_after", "sd_change", "estimate", "low", "high", "count", "percent",
  "scale", "alternative", "df")

#' Audit of a published table
#'
#' Reads a table of printed figures, checks every figure against the others of its row, and prints as a reviewer's list. A
#' row may hold
#' * two or more arms: a column `statistic` (`"count"`, `"count (%)"`, `"mean (SD)"`, `"median (IQR)"`) and a column an arm
#'   with cells as printed (`"20 (48.8%)"`, `"27.00 (7.97)"`). Levels of one `variable` are one table of counts: percentages
#'   ([audit_percent()]), totals ([audit_total()]) and P ([audit_counts()]). Means of two arms are tried under the t-tests
#'   named. Medians cannot be judged. One P of a variable is that of all its levels or, if it does not come back so, of the
#'   level it stands beside; several are each of its level against the others. Percentages are of the arm, of the denominator
#'   in the cell (`"20/40 (50.0%)"`, `"20 of 40 (50%)"`), or, where all of a variable fit these and not the arm, of the patients
#'   whose level is known, of the row or of the table, and the note says so. Where a smaller number of patients fits, missing
#'   values would explain it, and nothing is refuted. A level named `"Missing"` or `"Unknown"` is none; a row with a name and
#'   a P above levels belongs to these; a column of all patients (`"Total"`) is no arm.
#' * before and after: `n`, `mean_before`, `sd_before`, `mean_after`, `sd_after`, `p_value`, and the `change` with its
#'   `sd_change` if they are printed ([audit_paired()]);
#' * repeated measures: `n`, `mean_1`, `sd_1`, `mean_2`, `sd_2`, ..., `f`, `p_value` ([audit_rm()]);
#' * a ratio: `estimate`, `low`, `high`, `p_value`; a difference or regression coefficient: the same with `"identity"` in a
#'   column `scale`, and the degrees of freedom of the interval in `df` ([audit_odds()]);
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
#' @param n Patients in each arm, in the order of `arms` or by name; by default those of the row whose `variable` is `n`, or of
#'   the heads of the columns (`"Drug (n = 41)"`).
#' @param tests Tests the paper names: a list with `counts` (see [audit_counts()]), `means` (`"student"`, `"welch"`, or rank
#'   tests, which means and SDs do not determine: `"mann_whitney"`, `"kruskal_wallis"`), `paired` (see [audit_paired()]) and
#'   `rm` (`"rm_anova"`, `"greenhouse_geisser"` or both). What is not named is tried under all but the rank tests.
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
  at <- which(tolower(trimws(names(data))) %in% p_heads & !names(data) %in% arms)
  if (is.null(data$p_value) && length(at) == 1L) names(data)[at] <- "p_value"
  if (is.numeric(data$p_value)) {
    stop_input("figure", c("`p_value` holds numbers, which do not say how many decimals were printed.",
      i = "Give the text: \"0.040\"."), "p_value", call)
  }
  data <- quick_frame(lapply(data, cell_text), nrow(data))
  empty <- Reduce(`&`, lapply(data, is.na))
  data <- data[!empty, , drop = FALSE]
  if (!nrow(data)) {
    stop_input("data", "All rows of `data` are empty.", "data", call)
  }
  data <- tidy_arm_rows(data, arms)
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
  attr(out, "arms") <- parts$arms$arms
  out
}

variable_labels <- function(variable, levels, arm) paste0(variable, levels, ", ", arm)

# Two arms by the t-tests named, more by the ANOVA of the same name.
arm_means <- function(rows, arms, sizes, p, tests, variable, call) {
  cells <- lapply(arms, function(arm) read_cells(rows[[arm]][1], arm, call))
  column <- function(part, lower) {
    Map(function(cell, arm) read_printed(cell[[part]], NULL, lower, Inf, arm, call), cells, arms)
  }
  ranks <- any(tests %in% c("mann_whitney", "kruskal_wallis"))
  tests <- setdiff(tests, c("mann_whitney", "kruskal_wallis"))
  if (!length(tests)) {
    return(list(audit = new_audit(variable, "P", as.character(p), test = "rank test", verdict = "cannot be judged",
      note = "Means and SDs do not determine a rank test.")))
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
  verdict <- if (is.na(unclass(p)$value)) NA else if (any(fits)) mean_verdict(verdicts[fits]) else
    if (ranks) audit_verdicts[4] else verdicts[[1]]
  remedy <- if (verdict %in% audit_verdicts[5]) group_remedy(x, tests[[1]], solved[[1]]$k, verdict, call, side)
  # what the recomputed column says already
  if (isTRUE(startsWith(remedy %||% "", "P would have to be"))) remedy <- NULL
  notes <- unique(unlist(lapply(solved[fits], `[[`, "note")))
  known <- is.finite(pick("statistic"))
  statistic <- if (any(known)) paste0(if (length(arms) > 2L) "F " else "|t| ", paste(unique(audit_number(pick("statistic")[known],
    3L)), collapse = " or "), ".")
  recomputed <- paste(mean_test_short[tests], ifelse(is.na(pick("p")), audit_range(pick("p_low"), pick("p_high"), digits),
    face_and_range(pick("p"), pick("p_low"), pick("p_high"), digits)))
  audit <- new_audit(variable, paste0("P", side_words(side)), as.character(p), paste(recomputed, collapse = "; "),
    min(pick("p_low")), max(pick("p_high")), paste(mean_test_labels[tests[if (any(fits)) fits else TRUE]], collapse = ", "),
    verdict, remedy %||% NA,
    note = paste(c(statistic, if (length(notes) && !anyNA(notes)) paste0(notes, "."), if (ranks && !any(fits))
      "Means and SDs do not determine a rank test."), collapse = " "))
  list(audit = audit, candidate = list(item = variable, p = p, low = pick("p_low"), high = pick("p_high"),
    statistic = c(solved[[1]]$k$statistic_low, solved[[1]]$k$statistic_high), name = if (length(arms) > 2L) "F" else "t"))
}

mean_test_short <- c(student = "t", welch = "Welch", anova = "ANOVA", welch_anova = "Welch")
mean_test_labels <- c(student = "Student's t", welch = "Welch's t", anova = "one-way ANOVA", welch_anova = "Welch's ANOVA")

# Both t-tests often print the same P, which leaves the test open, not the figure.
mean_verdict <- function(verdicts) audit_verdicts[min(match(verdicts, audit_verdicts))]
