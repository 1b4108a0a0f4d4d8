# Tables of counts in R's words: r x c tests and trend. compare_rates() calls rates_table() and rates_strata()
# (rates-strata.R) with counts and words; they give back plain columns, one row per problem and method.
#
# counts: whole numbers, array of arms x responses (x problems). The reference is the first arm, the event the last
# response. scores, response_scores: numbers of the arms and responses for `trend` and `linear`, 1, 2, ... if not given.

table_methods <- c("chisq", "n1_chisq", "g", "fisher", "trend", "linear")
table_two_sided <- c("minlike", "central", "distance")

#' Tests of association and trend in tables of counts
#'
#' What [compare_rates()] computes for more than two arms or responses. With x the counts, r and c their margins, n
#' patients in all and e = r c / n:
#' * `"chisq"`: sum (x - e)^2 / e on (r - 1)(c - 1) df; `"n1_chisq"` times (n - 1) / n; `"g"`: 2 sum x ln(x / e).
#' * `"fisher"`: Fisher, Freeman and Halton's exact test (1951, \doi{10.1093/biomet/38.1-2.141}): tables with the same
#'   margins that are no more probable than the data, probabilities within 1e-7 being equal, as R and SAS print it.
#'   Asymptotic: the statistic -2 ln(gamma P) that SPSS prints.
#' * `"trend"`: Cochran and Armitage's test of the event rate along `scores` (Armitage 1955, \doi{10.2307/3001775});
#'   the estimate is the slope per unit of score by least squares with its Wald interval, which inverts another test.
#' * `"linear"`: linear-by-linear association, sqrt(n - 1) r with r the correlation of the scores, which is the
#'   estimate.
#'
#' `distribution = "exact"` for `chisq`, `n1_chisq` and `g` orders all tables with the margins by that statistic;
#' `"auto"` is their limiting distribution, as the name says. `fisher`, `trend` and `linear` are exact under `"auto"`
#' where the work allows: the steps are guessed beforehand and counted, and beyond `exact_limit` tables are drawn at
#' random (Patefield 1981, \doi{10.2307/2346669}), with the 99 % interval of p in `p_low`, `p_high`. The exact
#' algorithm is a network (Mehta and Patel 1983, \doi{10.1080/01621459.1983.10477989}) met from both ends.
#'
#' @param counts Whole numbers: arms x responses, or arms x responses x problems.
#' @param method One or several of the names above.
#' @param scores,response_scores One number per arm and per response.
#' @param distribution,alternative,conf_level,exact_limit,replicates,seed,threads As everywhere; `alternative =
#'   "greater"` is growth along the scores.
#' @param two_sided Of `trend` and `linear`: `"distance"` (as far from the mean) or `"central"` (twice the smaller
#'   tail).
#' @param mid_p Count half of what ties with the data.
#' @param labels Names of the problems for the random streams, so that other problems change nothing.
#' @param call The user's call, for errors.
#' @return A list of columns, one value per problem and method: `problem`, `method` and the columns of the dictionary.
#'   `effect` is Cramer's V.
#' @noRd
rates_table <- function(counts, method = "fisher", scores = NULL, response_scores = NULL, distribution = "auto",
                        alternative = "two.sided", two_sided = "distance", mid_p = FALSE, conf_level = 0.95,
                        exact_limit = 1e8, replicates = 10000, seed = NULL, threads = 1L, labels = character(),
                        call = NULL) {
  words <- table_words(method, table_methods, distribution, alternative, mid_p, conf_level, exact_limit, replicates,
    threads, call)
  words$two_sided <- check_word(two_sided, table_two_sided[-1], "two_sided", call)
  input <- table_input(counts, strata = FALSE, call)
  ordered <- intersect(c("trend", "linear"), words$method)
  if ("trend" %in% ordered && input$dim[2] != 2L) {
    stop_input("method", c(
      paste0("`method = \"trend\"` is about two responses, and there are ", input$dim[2], "."),
      i = "Use `method = \"linear\"` for ordered responses."
    ), "method", call)
  }
  if (words$alternative != "two.sided" && length(setdiff(words$method, ordered))) {
    stop_input("alternative", c(
      paste0("`alternative = \"", words$alternative, "\"` is a direction, and ", quoted(setdiff(words$method, ordered)),
        " has none."),
      i = "Use `method = \"trend\"` or `\"linear\"` for growth along the arms."
    ), "alternative", call)
  }
  input$row_score <- table_scores(scores, input$dim[1], "scores", "arms", call)
  input$col_score <- if ("trend" %in% ordered) c(0, 1) else
    table_scores(response_scores, input$dim[2], "response_scores", "responses", call)
  seed <- new_seed(seed, call)
  options <- table_options(words, table_methods, seed$value, labels)
  table_columns(ask_core(rates_table_solve(input, options, words$threads), call), words, seed)
}

# The words that tables and strata share.
table_words <- function(method, methods, distribution, alternative, mid_p, conf_level, exact_limit, replicates,
                        threads, call) {
  list(
    method = check_words(method, methods, "method", call),
    distribution = check_word(distribution, distributions[-1], "distribution", call),
    alternative = check_word(alternative, alternatives[1:3], "alternative", call),
    mid_p = check_flag(mid_p, "mid_p", call),
    conf_level = check_number(conf_level, "conf_level", call, 0, 1, open = TRUE),
    exact_limit = check_number(exact_limit, "exact_limit", call, 0),
    replicates = as.integer(check_number(replicates, "replicates", call, 1, 1e9)),
    threads = check_threads(threads, call)
  )
}

# Counts as integers with their four numbers: arms, responses, strata, problems.
table_input <- function(counts, strata, call) {
  dims <- dim(counts)
  wanted <- if (strata) 3:4 else 2:3
  if (is.null(dims) || !length(dims) %in% wanted || !is.numeric(counts)) {
    stop_input("counts", c(
      paste0("`counts` must be numbers of patients in an array of arms x responses", if (strata) " x strata", "."),
      i = "A further dimension holds the problems of a batch."
    ), "counts", call)
  }
  if (anyNA(counts) || any(counts < 0 | counts != round(counts)) || sum(as.double(counts)) > .Machine$integer.max) {
    stop_input("counts", c(
      "`counts` must be whole numbers from 0 on.",
      i = "Missing counts are not 0: write 0 where there is nobody."
    ), "counts", call)
  }
  if (dims[1] < 1L || dims[2] < 1L) {
    stop_input("counts", "`counts` must have arms and responses.", "counts", call)
  }
  problems <- if (length(dims) == max(wanted)) dims[length(dims)] else 1L
  list(counts = as.integer(counts), dim = c(dims[1:2], if (strata) dims[3] else 1L, problems))
}

table_scores <- function(scores, n, argument, what, call) {
  if (is.null(scores)) {
    return(as.double(seq_len(n)))
  }
  if (!is.numeric(scores) || length(scores) != n || !all(is.finite(scores))) {
    stop_input("scores", c(
      paste0("`", argument, "` must be ", n, " numbers, one for each of the ", what, ", not ", given_value(scores),
        "."),
      i = paste0("For example `", argument, " = c(", paste(seq_len(min(n, 4L)), collapse = ", "), if (n > 4L) ", ...",
        ")`.")
    ), argument, call)
  }
  as.double(scores)
}

table_options <- function(words, methods, seed, labels) {
  at <- function(word, table) match(word, table) - 1L
  list(
    methods = at(words$method, methods), distribution = at(words$distribution, distributions),
    alternative = at(words$alternative, alternatives), two_sided = at(words$two_sided, table_two_sided),
      mid_p = words$mid_p,
    conf_level = words$conf_level, exact_limit = words$exact_limit, replicates = words$replicates, seed = seed,
    problem_labels = as.character(labels), progress = progress_hook()
  )
}

# Codes become words; the seed goes back where nothing was drawn and is kept beside the columns where it was.
table_columns <- function(solved, words, seed) {
  n <- length(solved$status)
  k <- length(words$method)
  solved$distribution <- distribution_factor(solved$distribution)
  solved$conf_method <- conf_method_factor(solved$conf_method)
  solved$p_matches <- solved$p_matches == 1L
  solved$p_matches[is.na(solved$conf_method)] <- NA
  solved$status <- status_factor(solved$status)
  solved$note <- note_factor(solved$notes)
  solved$notes <- NULL
  drawn <- any(solved$distribution %in% "monte_carlo")
  if (!drawn) restore_seed(seed)
  out <- c(list(problem = rep(seq_len(n / k), each = k), method = enumerated(words$method, rep_len(seq_len(k), n))),
    solved)
  attr(out, "seed") <- if (drawn) seed$value
  out
}
