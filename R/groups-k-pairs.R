# Families of contrasts between several arms. p_value and conf_low/high are those of the single comparison, p_adjusted and
# conf_low/high_adjusted hold for the family; `dunn` is adjusted by options$p_adjust and has no interval.

groups_k_pair_methods <- c("tukey", "games_howell", "dunnett", "steel", "dscf", "dunn")

groups_k_estimands <- c(
  tukey = "difference of means", games_howell = "difference of means", dunnett = "difference of means",
  steel = "shift (Hodges-Lehmann)", dscf = "shift (Hodges-Lehmann)", dunn = "difference of mean ranks"
)

# One row for each outcome, group, pair and method. Pairs: input$level and input$reference where they are, else by
# options$contrast.
groups_k_pairs <- function(input, options = list(), call = NULL) {
  words <- groups_k_words(options, groups_k_pair_methods, call)
  check_k_direction(words, c("dunnett", "steel"), call)
  groups_k_rows_only(input, words$method, c("steel", "dscf", "dunn"), call)
  pairs <- groups_k_contrasts(input, words)
  one <- intersect(words$method, c("dunnett", "steel"))
  if (length(one) && length(unique(pairs$reference)) > 1L) {
    stop_input("method", c(paste0(quoted(one), " compare", if (length(one) == 1L) "s", " every arm with one reference."),
      i = "Use `contrast = \"reference\"`, or \"tukey\", \"games_howell\" or \"dscf\" for all pairs."), "method", call)
  }
  core <- c(groups_k_options(words, groups_k_pair_methods, character()), pairs)
  solved <- groups_k_solve_pairs(groups_k_core_input(input, call), core, words$threads)
  solved <- ask_core(name_infinite(solved, input), call)
  groups_k_frame(groups_k_pair_columns(solved, input, words, pairs))
}

groups_k_contrasts <- function(input, words) {
  if (!is.null(input$level)) {
    return(list(level = as.integer(input$level), reference = as.integer(input$reference)))
  }
  if (words$contrast == "reference" || input$k < 3L) {
    return(list(level = seq_len(input$k)[-1], reference = rep(1L, input$k - 1L)))
  }
  both <- utils::combn(input$k, 2L)
  list(level = both[2, ], reference = both[1, ])
}

groups_k_pair_columns <- function(solved, input, words, pairs) {
  n <- length(solved$status)
  each <- length(words$method)
  method <- enumerated(words$method, rep_len(seq_len(each), n))
  at <- rep_len(rep(seq_along(pairs$level), each = each), n)
  directed <- method %in% c("dunnett", "steel")
  labels <- groups_k_labels(input, length(pairs$level) * each)
  c(
    labels, groups_k_pair_labels(input, pairs, at),
    list(method = method, alternative = factor(ifelse(directed, words$alternative, "two.sided")), null_value = rep(0, n),
      distribution = distribution_factor(solved$distribution)),
    solved[c("n", "n_reference", "n_dropped", "n_ties")],
    list(estimand = factor(groups_k_estimands[as.character(method)], unique(groups_k_estimands))),
    solved[c("estimate", "std_error", "conf_low", "conf_high")],
    list(conf_level = rep(words$conf_level, n), conf_method = conf_method_factor(solved$conf_method),
      p_matches = ifelse(is.na(solved$conf_low), NA, solved$p_matches == 1L)),
    solved[c("statistic", "df", "p_value")],
    list(p_adjusted = adjust_within(solved, method == "dunn", labels, method, words$p_adjust)),
    solved[c("conf_low_adjusted", "conf_high_adjusted")],
    list(status = status_factor(solved$status), note = note_factor(solved$notes))
  )
}

groups_k_pair_labels <- function(input, pairs, at) {
  arms <- input$arms
  list(
    contrast = enumerated(paste(arms[pairs$level], "-", arms[pairs$reference]), at),
    level = factor(arms[pairs$level][at], levels = arms), reference = factor(arms[pairs$reference][at], levels = arms)
  )
}

# p_value of the rows `which` adjusted over the pairs of a problem and method; other rows keep their p_adjusted. Without
# adjustment there is none.
adjust_within <- function(solved, which, labels, method, how) {
  out <- solved$p_adjusted
  if (any(which) && how != "none") {
    family <- as.integer(interaction(c(lapply(labels, as.integer), list(as.integer(method))), drop = TRUE))
    out[which] <- stats::ave(solved$p_value[which], family[which], FUN = function(p) stats::p.adjust(p, how))
  }
  out
}
