# Hard data sets for predictors of a response, each with what a right program must say of it. `separation` is the verdict on
# the likelihood of the logistic model: none, quasi, complete; `columns` the coefficients that run to infinity.

# A fixed sequence that looks normal, without the random numbers of the session.
case_normal <- function(n, k = 1) qnorm(((seq_len(n) + 0.5) * sqrt(c(2, 3, 5, 7, 11, 13, 17, 19, 23)[k])) %% 1)
case_uniform <- function(n, k = 1) ((seq_len(n) + 0.5) * sqrt(c(29, 31, 37, 41, 43, 47)[k])) %% 1

# A binary answer with the given log odds.
case_answer <- function(eta, k = 1) as.integer(case_uniform(length(eta), k) < plogis(eta))

case_of <- function(data, formula = response ~ ., separation = "none", columns = character(), weights = NULL, offset = NULL,
                    rank = NULL, note = "") {
  list(data = data, formula = formula, separation = separation, columns = columns, weights = weights, offset = offset,
       rank = rank, note = note)
}

# The model matrix, the answer, weights and offset of a case.
case_design <- function(case) {
  frame <- model.frame(case$formula, case$data)
  x <- model.matrix(case$formula, frame)
  y <- model.response(frame)
  total <- rep(1, nrow(x))
  if (is.matrix(y)) {
    total <- rowSums(y)
    y <- ifelse(total > 0, y[, 1] / total, 0)
  }
  w <- if (is.null(case$weights)) total else total * case$weights
  list(x = unname(x), names = colnames(x), y = as.numeric(y), weight = w,
       offset = if (is.null(case$offset)) rep(0, nrow(x)) else case$offset)
}

# 58 responders and 4 without, the ones without all with a spleen: the cell no response, no spleen is empty.
case_spleen <- function() {
  n <- 62
  spleen <- rep(c("removed", "present"), c(27, 35))
  hbf <- round(25 + 18 * case_normal(n, 2), 1)
  age <- round(24 + 7 * case_normal(n, 3))
  none <- c(30, 41, 52, 60)
  data.frame(response = as.integer(!seq_len(n) %in% none), hbf = pmax(hbf, 1.2), spleen = factor(spleen,
    levels = c("present", "removed")), age = pmax(age, 6))
}

case_clinic <- function(n = 62, k = 1) {
  d <- data.frame(hbf = round(30 + 15 * case_normal(n, k), 1), age = round(25 + 8 * case_normal(n, k + 1)),
                  sex = factor(ifelse(case_uniform(n, 2) < 0.5, "female", "male")),
                  phenotype = factor(c("NTDT", "TDT", "E-beta")[1 + floor(3 * case_uniform(n, 3))],
                                     levels = c("NTDT", "TDT", "E-beta")))
  d$response <- case_answer(-1.2 + 0.06 * d$hbf - 0.03 * d$age + 0.5 * (d$sex == "male"), 4)
  d
}

predictor_cases <- function() {
  clinic <- case_clinic()
  spleen <- case_spleen()
  ten <- data.frame(x = c(1, 2, 3, 4, 5, 6, 7, 8, 9, 10))
  cases <- list(
    clinic = case_of(clinic, response ~ hbf + age + sex + phenotype),
    clinic_interaction = case_of(clinic, response ~ hbf * sex + age),
    clinic_no_intercept = case_of(clinic, response ~ 0 + hbf + age),
    intercept_only = case_of(clinic, response ~ 1),
    weighted = case_of(clinic, response ~ hbf + sex, weights = 1 + seq_len(62) %% 3),
    weights_zero = case_of(clinic, response ~ hbf + sex, weights = as.numeric(seq_len(62) %% 4 > 0)),
    weights_fractional = case_of(clinic, response ~ hbf + sex, weights = 0.2 + case_uniform(62, 1)),
    offset = case_of(clinic, response ~ hbf, offset = 0.3 * case_normal(62, 4)),
    grouped = case_of(data.frame(dose = 0:5, events = c(0, 1, 3, 6, 9, 10), others = c(12, 11, 9, 5, 2, 1)),
                      cbind(events, others) ~ dose),
    grouped_empty_row = case_of(data.frame(dose = 0:4, events = c(1, 3, 0, 6, 9), others = c(11, 9, 0, 5, 2)),
                                cbind(events, others) ~ dose),
    spleen_58_4 = case_of(spleen, response ~ hbf + spleen + age, "quasi", "spleenremoved",
                          note = "58 against 4, an empty cell"),
    spleen_alone = case_of(spleen, response ~ spleen, "quasi", "spleenremoved"),
    complete_one = case_of(cbind(ten, response = rep(0:1, each = 5)), separation = "complete",
                           columns = c("(Intercept)", "x")),
    quasi_tie = case_of(data.frame(x = c(1, 2, 3, 4, 4, 5, 6, 7), response = c(0, 0, 0, 0, 1, 1, 1, 1)),
                        separation = "quasi", columns = c("(Intercept)", "x")),
    overlap_just = case_of(data.frame(x = c(1, 2, 3, 4, 5, 6, 7, 8), response = c(0, 0, 0, 1, 0, 1, 1, 1))),
    near_separated = case_of(data.frame(x = c(1, 2, 3, 4, 4.0001, 5, 6, 7), response = c(0, 0, 0, 1, 0, 1, 1, 1)),
                             note = "overlap of 1e-4: finite but far away"),
    complete_two = case_of(data.frame(a = c(0, 1, 2, 3, 0, 1, 2, 3, 1.5, 2.5), b = c(3, 2, 1, 0, 4, 3, 2, 1, 0.5, 2.5),
                                      response = c(0, 0, 0, 0, 1, 1, 1, 1, 0, 1)), separation = "complete",
                           columns = c("(Intercept)", "a", "b"), note = "separated by a + b only"),
    quasi_two = case_of(data.frame(a = c(0, 1, 2, 3, 0, 1, 2, 3, 1, 2), b = c(3, 2, 1, 0, 4, 3, 2, 1, 2, 1),
                                   response = c(0, 0, 0, 0, 1, 1, 1, 1, 1, 0)), separation = "quasi",
                        columns = c("(Intercept)", "a", "b")),
    quasi_cell = case_of(data.frame(g = factor(rep(c("a", "b", "c"), c(8, 7, 5))), z = round(case_normal(20, 5), 2),
                                    response = c(0, 1, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1)),
                         separation = "quasi", columns = "gc"),
    interaction_empty = case_of(data.frame(a = rep(0:1, each = 10), b = rep(rep(0:1, each = 5), 2),
                                           response = c(1, 0, 0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 0, 1, 1, 1, 1, 1, 1)),
                                response ~ a * b, "quasi", "a:b"),
    rank_deficient = case_of(transform(clinic, hb = 2 * hbf - age), response ~ hbf + age + hb, rank = 3L),
    constant_column = case_of(transform(clinic, site = 3), response ~ hbf + site, rank = 2L),
    duplicate_column = case_of(transform(clinic, again = hbf), response ~ hbf + again + age, rank = 3L),
    nearly_aliased = case_of(transform(clinic, near = hbf + 1e-5 * case_normal(62, 6)), response ~ hbf + near),
    all_events = case_of(data.frame(x = c(1, 4, 2, 8, 5), response = 1), separation = "complete",
                         columns = c("(Intercept)", "x"), note = "one class"),
    no_events = case_of(data.frame(x = c(1, 4, 2, 8, 5), response = 0), separation = "complete",
                        columns = c("(Intercept)", "x"), note = "one class"),
    one_event = case_of(data.frame(x = c(3, 1, 4, 1, 5, 9, 2, 6), response = c(0, 0, 0, 1, 0, 0, 0, 0)),
                        separation = "quasi", columns = c("(Intercept)", "x")),
    one_event_inside = case_of(data.frame(x = c(3, 1, 4, 1, 5, 9, 2, 6), response = c(0, 0, 0, 0, 1, 0, 0, 0))),
    two_rows = case_of(data.frame(x = c(1, 2), response = c(0, 1)), separation = "complete",
                       columns = c("(Intercept)", "x")),
    one_row = case_of(data.frame(x = 1, response = 1), response ~ 1, "complete", "(Intercept)"),
    saturated = case_of(data.frame(g = factor(rep(letters[1:3], each = 6)),
                                   response = c(1, 0, 0, 0, 0, 1, 1, 1, 0, 1, 0, 0, 1, 1, 1, 1, 0, 1)),
                        note = "fitted shares are the observed ones"),
    unused_level = case_of(transform(clinic, sex = factor(sex, levels = c("female", "male", "unknown"))),
                           response ~ hbf + sex, rank = 3L),
    huge_scale = case_of(transform(clinic, hbf = hbf * 1e12), response ~ hbf + age),
    tiny_scale = case_of(transform(clinic, hbf = hbf * 1e-12), response ~ hbf + age),
    far_offset = case_of(transform(clinic, hbf = hbf + 1e6), response ~ hbf + age, note = "a column far from zero"),
    rare = case_of(data.frame(x = case_normal(2000, 7), response = case_answer(-5 + case_normal(2000, 7), 5)),
                   note = "rare events"),
    strong = case_of(data.frame(x = case_normal(300, 8), response = case_answer(6 * case_normal(300, 8), 6)),
                     note = "fitted shares near 0 and 1"),
    sex2_like = case_of(sex2_like(), cbind(cases, others) ~ age + oc + vic + vicl + vis + dia, "quasi", "dia")
  )
  cases
}

# In the image of the sex2 data of Heinze and Schemper (2002): six yes/no predictors, one of them with cases only.
sex2_like <- function() {
  grid <- expand.grid(age = 0:1, oc = 0:1, vic = 0:1, vicl = 0:1, vis = 0:1)
  grid <- grid[!(grid$vicl == 1 & grid$vic == 0), ]
  n <- 2 + floor(10 * case_uniform(nrow(grid), 5))
  share <- plogis(0.2 - 1.1 * grid$age - 0.1 * grid$oc + 2.2 * grid$vic - 2.1 * grid$vicl - 0.8 * grid$vis)
  d <- cbind(grid, dia = 0, cases = pmin(n, pmax(0, round(n * share))))
  d$others <- n - d$cases
  rbind(d, data.frame(age = 0, oc = 1, vic = c(0, 1, 1), vicl = c(0, 0, 1), vis = 0, dia = 1, cases = c(2, 3, 2),
                      others = 0))
}

# Hard data for least squares and for the screen of a continuous response.
linear_cases <- function() {
  n <- 40
  d <- data.frame(ferritin = round(exp(6.5 + 0.8 * case_normal(n, 1))), age = round(20 + 6 * case_normal(n, 2)),
                  study = factor(rep(c("A", "B"), c(22, 18))), centre = factor(rep(1:8, each = 5)))
  d$change <- 0.4 * d$age - 0.002 * d$ferritin + ifelse(d$study == "B", 3, 0) + 4 * case_normal(n, 3)
  list(
    plain = list(data = d, formula = change ~ ferritin + age),
    two_studies = list(data = d, formula = change ~ study * ferritin),
    no_intercept = list(data = d, formula = change ~ 0 + ferritin + age),
    weighted = list(data = d, formula = change ~ ferritin + age, weights = 1 + seq_len(n) %% 4),
    weights_zero = list(data = d, formula = change ~ ferritin, weights = as.numeric(seq_len(n) %% 5 > 0)),
    aliased = list(data = transform(d, twice = 2 * age + 1), formula = change ~ age + twice + ferritin, rank = 3L),
    constant = list(data = transform(d, site = 7), formula = change ~ age + site, rank = 2L),
    outlier = list(data = replace(d, "ferritin", replace(d$ferritin, 7, 40000)), formula = change ~ ferritin),
    leverage_one = list(data = transform(d, only = as.numeric(seq_len(n) == 3)), formula = change ~ age + only,
                        note = "one patient has leverage 1: HC2 to HC4 do not exist for it"),
    exact_fit = list(data = transform(d, change = 3 + 2 * age), formula = change ~ age, note = "no residual"),
    constant_response = list(data = transform(d, change = 5), formula = change ~ age),
    saturated = list(data = d[1:3, ], formula = change ~ ferritin + age, note = "no degree of freedom left"),
    tiny = list(data = d[1:4, ], formula = change ~ age),
    huge_scale = list(data = transform(d, ferritin = ferritin * 1e150), formula = change ~ ferritin + age),
    tiny_scale = list(data = transform(d, change = change * 1e-150), formula = change ~ ferritin + age),
    far_offset = list(data = transform(d, age = age + 1e8), formula = change ~ age, rank = 2L,
                      note = "lm() at its usual tolerance takes the column for a constant")
  )
}
