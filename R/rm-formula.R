# The formula of repeated measures: outcome ~ group * visit | id, cbind(v0, v3) ~ group, and Error(id/visit).

# outcomes: expressions; wide: cbind() of visits; terms: of the right side without id; variables: expressions by label;
# id: expressions or NULL; within: labels named by Error().
parse_rm_formula <- function(formula, outcomes, call) {
  lhs <- if (length(formula) == 3L) formula[[2]]
  rhs <- formula[[length(formula)]]
  id <- NULL
  if (is.call(rhs) && identical(rhs[[1]], as.name("|"))) {
    id <- id_factors(rhs[[3]], call)
    rhs <- rhs[[2]]
  }
  strata <- split_error(rhs, call)
  if (is.null(id)) id <- strata$id
  wide <- is.null(outcomes) && is.call(lhs) && identical(lhs[[1]], as.name("cbind"))
  tt <- rm_terms(strata$rhs, call)
  expressions <- as.list(attr(tt, "variables"))[-1]
  list(
    outcomes = formula_outcomes(lhs, outcomes, call), wide = wide, terms = tt,
    variables = stats::setNames(expressions, vapply(expressions, deparse_one, "")),
    id = id, within = strata$within, env = environment(formula) %||% parent.frame()
  )
}

rm_terms <- function(rhs, call) {
  if ("." %in% all.vars(rhs)) {
    stop_input("formula", c(
      "`.` does not say which column is the visit.", i = "Name the factors: `outcome ~ group * visit | id`."
    ), "formula", call)
  }
  tt <- tryCatch(stats::terms(eval(call("~", rhs))), error = function(cnd) {
    stop_input("formula", c(paste0("The right side of the formula cannot be read: ", conditionMessage(cnd), "."),
      i = "Write `outcome ~ group * visit | id`."), "formula", call)
  })
  if (!is.null(attr(tt, "offset"))) {
    stop_input("formula", "An offset has no place in a repeated-measures formula.", "formula", call)
  }
  tt
}

# Takes + Error(id/visit) out of a sum. In Error(id/(a * b)) the first name is the id, the others are within factors.
split_error <- function(rhs, call) {
  if (!is.call(rhs)) {
    return(list(rhs = rhs))
  }
  if (identical(rhs[[1]], as.name("Error"))) {
    inner <- rhs[[2]]
    nested <- is.call(inner) && identical(inner[[1]], as.name("/"))
    if (nested) {
      return(list(rhs = 1, id = list(inner[[2]]), within = all.vars(inner[[3]])))
    }
    return(list(rhs = 1, id = list(inner)))
  }
  if (identical(rhs[[1]], as.name("+")) && length(rhs) == 3L) {
    left <- split_error(rhs[[2]], call)
    right <- split_error(rhs[[3]], call)
    found <- if (!is.null(left$id)) left else right
    if (is.null(found$id)) {
      return(list(rhs = rhs))
    }
    kept <- if (identical(right$rhs, 1) && !is.null(right$id)) left$rhs else call("+", left$rhs, right$rhs)
    return(list(rhs = kept, id = found$id, within = found$within))
  }
  list(rhs = rhs)
}

is_factor_like <- function(x) {
  is.factor(x) || is.character(x) || is.logical(x) || inherits(x, c("haven_labelled", "Date", "POSIXt"))
}

# Which variables vary within patients? key: patient of each row (NA: none). For each variable: the code of each row, whether
# it varies, and the rows where it does.
varying_variables <- function(values, key) {
  lapply(values, function(x) {
    code <- index_codes(if (is.numeric(x) && !is.object(x)) as.double(x) else x)$code
    known <- which(!is.na(code) & !is.na(key))
    first <- rep(NA_integer_, max(key, 0L, na.rm = TRUE))
    backwards <- rev(known)
    first[key[backwards]] <- code[backwards]
    differs <- known[code[known] != first[key[known]]]
    list(varies = length(differs) > 0L, keys = unique(key[differs]))
  })
}

# Names the within factors, or stops with the factors and the ids that make it unclear.
choose_within <- function(values, varying, given, id_label, n_ids, allow_covariates, call) {
  varies <- names(values)[vapply(varying, `[[`, NA, "varies")]
  if (length(given)) {
    unknown <- setdiff(given, names(values))
    if (length(unknown)) {
      stop_input("within", c(
        paste0("`within` names ", quoted(unknown), ", which the formula does not hold."),
        i = paste0("Factors of the formula: ", quoted(names(values)), ".")
      ), "within", call)
    }
    others <- setdiff(varies, given)
    if (length(others) && !allow_covariates) stop_varying(others, varying, id_label, call)
    return(given)
  }
  if (length(varies) == 1L) {
    return(varies)
  }
  if (!length(varies)) {
    stop_input("no_within", c(
      "No variable of the formula varies within patients, so there is nothing repeated.",
      i = "Name the visit: `outcome ~ visit | id`. For one row per patient use `compare_groups()`."
    ), "formula", call)
  }
  many <- vapply(varying[varies], function(v) length(v$keys), 0L)
  lines <- paste0(quoted(varies, 10), " vary within patients (", paste0(varies, ": ", many, " of ", n_ids, " ids",
    collapse = ", "), ").")
  few <- varies[many <= max(1, 0.05 * n_ids) & many < max(many)]
  stop_input("within", c(
    lines,
    if (length(few)) c(x = paste0("A mistyped row? `", few[1], "` varies in ",
      quoted(id_label(varying[[few[1]]]$keys)), " only.")),
    i = "If ids start again in each group, nest them: `| group/id`.",
    i = paste0("If all are within factors, name them: `within = c(", paste(varies, collapse = ", "), ")`.")
  ), "within", call)
}

stop_varying <- function(others, varying, id_label, call) {
  keys <- varying[[others[1]]]$keys
  stop_input("within", c(
    paste0("`", others[1], "` varies within patients (", quoted(id_label(keys)), ") but is not named in `within`."),
    i = "Correct the rows, name it in `within`, or leave it out; `rm_mmrm()` takes covariates that change over time."
  ), "within", call)
}
